package dev.holdfast.providers.cassandra;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A partition: the keys of a namespace that begin alike. The order of buckets by their beginning is the order of their keys.
 *
 * @param start not to be read from, but by duplicates
 */
record Bucket(Place place, NamespaceId namespace, ByteBuffer start) {

    static Bucket of(Place place, NamespaceId namespace, Key key) {
        return new Bucket(place, namespace, start(place, key.bytes()));
    }

    /** The bucket that keys which begin so lie in, or the first of them. */
    static ByteBuffer start(Place place, byte[] key) {
        return ByteBuffer.wrap(Arrays.copyOf(key, Math.min(key.length, place.bucketBytes())));
    }
}
