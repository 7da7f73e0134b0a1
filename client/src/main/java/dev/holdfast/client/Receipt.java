package dev.holdfast.client;

import java.util.List;

/**
 * What an acknowledged write came to.
 *
 * @param homes the providers that hold it durably
 * @param hinted the providers that get it later
 * @param domains in how many independent failure domains it is durable
 * @param fewerThanAsked whether these are fewer than the durability of the namespace
 */
public record Receipt(Version version, List<String> homes, List<String> hinted, int domains, boolean fewerThanAsked) {
    public Receipt {
        homes = List.copyOf(homes);
        hinted = List.copyOf(hinted);
    }
}
