package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import org.jspecify.annotations.Nullable;

/**
 * What a client wants a key to hold, before it has a version.
 *
 * @param kept the version that it has all the same, of an earlier write; null for one to be stamped
 */
record Change(
        KeyRef ref,
        boolean delete,
        byte[] value,
        byte[] metadata,
        long expiration,
        Namespace.Policy policy,
        @Nullable Version kept) {

    Change(KeyRef ref, boolean delete, byte[] value, byte[] metadata, long expiration, Namespace.Policy policy) {
        this(ref, delete, value, metadata, expiration, policy, null);
    }

    /** Those at which it may lie. */
    Circle circle(Members members) {
        return members.of(ref.namespace());
    }

    Record at(Version version) {
        return delete ? Record.tombstone(version) : Record.of(version, expiration, metadata, value);
    }
}
