package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;

/** What a client wants a key to hold, before it has a version. */
record Change(KeyRef ref, boolean delete, byte[] value, byte[] metadata, long expiration, Namespace.Policy policy) {

    Record at(Version version) {
        return delete ? Record.tombstone(version) : Record.of(version, expiration, metadata, value);
    }
}
