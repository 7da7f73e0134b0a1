package dev.holdfast.client;

import dev.holdfast.client.cache.Place;
import dev.holdfast.client.transport.Percent;

/** Where things are in the native API. */
final class Paths {
    private Paths() {}

    static String namespace(String titleOrId) {
        return "/v1/namespaces/" + Percent.encode(titleOrId);
    }

    static String value(Place place) {
        return namespace(place.namespace()) + "/values/" + Percent.encode(place.key());
    }
}
