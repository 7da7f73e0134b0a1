package dev.holdfast.bench;

import java.util.function.ToIntBiFunction;

/**
 * A server that answers the requests of sites.
 *
 * @param id begins the ids of its cases
 * @param label for people
 * @param port where it answers requests for a site over a protocol
 */
record Contender(String id, String label, Child process, ToIntBiFunction<Site, Protocol> port) {
    int port(Site site, Protocol protocol) {
        return port.applyAsInt(site, protocol);
    }
}
