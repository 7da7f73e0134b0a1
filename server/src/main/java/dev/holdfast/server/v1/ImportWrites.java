package dev.holdfast.server.v1;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.Store.Condition;
import dev.holdfast.engine.replication.Store.Written;
import dev.holdfast.server.api.ApiError;
import java.util.Map;

/**
 * Writes imported lines. Thread-safe.
 *
 * @param written is told at which version a key was written
 */
record ImportWrites(Store store, Namespace namespace, Map<Key, Version> written) {

    /** At the line's own version. @return false when something newer is there */
    boolean restored(ImportLine line) throws ApiError {
        return done(line.key(), store.restore(namespace, line.key(), line.record()));
    }

    /** At a version of now. @return false when the condition does not hold */
    boolean put(ImportLine line, Condition condition) throws ApiError {
        return done(
                line.key(),
                store.put(namespace, line.key(), line.value(), line.metadata(), line.expiration(), condition));
    }

    private boolean done(Key key, Written outcome) throws ApiError {
        return switch (outcome) {
            case Written.Acknowledged done -> {
                written.put(key, done.receipt().version());
                yield true;
            }
            case Written.ConditionFailed _ -> false;
            case Written.Refused failed -> throw Outcomes.refused(failed.why());
            case Written.Unknown failed -> throw Outcomes.unknown(failed.why());
        };
    }
}
