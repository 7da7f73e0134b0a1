package dev.holdfast.server.workerskv;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.StoreStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A store of which some namespaces take what they do not have from Workers KV. Writes and deletes stay here, and win. A list has what is here: what
 * nobody has asked for yet comes with an import. Thread-safe.
 */
public final class UpstreamStore implements Store {
    private final Store store;
    private final Upstreams upstreams;
    private final Function<NamespaceId, Optional<Namespace>> namespaces;

    public UpstreamStore(Store store, Upstreams upstreams, Function<NamespaceId, Optional<Namespace>> namespaces) {
        this.store = store;
        this.upstreams = upstreams;
        this.namespaces = namespaces;
    }

    @Override
    public Answer get(NamespaceId id, Key key, ReadMode mode) {
        Answer answer = store.get(id, key, mode);
        if (!(answer instanceof Answer.Missing missing)) {
            return answer;
        }
        Namespace namespace = namespaces.apply(id).orElse(null);
        Filling filling = namespace == null ? null : upstreams.of(namespace);
        return namespace == null || filling == null ? missing : filling.filled(namespace, key, missing);
    }

    @Override
    public Written put(
            Namespace namespace, Key key, byte[] value, byte[] metadata, long expiration, Condition condition) {
        Written stopped = known(namespace, key, condition);
        return stopped == null ? store.put(namespace, key, value, metadata, expiration, condition) : stopped;
    }

    @Override
    public Written delete(Namespace namespace, Key key, Condition condition) {
        Written stopped = known(namespace, key, condition);
        return stopped == null ? store.delete(namespace, key, condition) : stopped;
    }

    /** A condition is about what the key holds, also if that is still elsewhere. */
    private @Nullable Written known(Namespace namespace, Key key, Condition condition) {
        boolean asks = !(condition instanceof Condition.None) && upstreams.of(namespace) != null;
        return asks && get(namespace.id(), key, ReadMode.FRESH) instanceof Answer.Unavailable unavailable
                ? new Written.Refused(unavailable.why())
                : null;
    }

    @Override
    public Written restore(Namespace namespace, Key key, Record record) {
        return store.restore(namespace, key, record);
    }

    @Override
    public Listing list(NamespaceId namespace, byte[] prefix, @Nullable Key after, int limit) {
        return store.list(namespace, prefix, after, limit);
    }

    /** Without asking there: what it is like, beside the homes. */
    @Override
    public Explanation explain(NamespaceId id, Key key) {
        Explanation here = store.explain(id, key);
        Filling filling = namespaces.apply(id).map(upstreams::of).orElse(null);
        if (filling == null) {
            return here;
        }
        List<HomeView> homes = new ArrayList<>(here.homes());
        homes.add(filling.upstream().view());
        return new Explanation(homes, here.answer());
    }

    @Override
    public StoreStatus status() {
        return store.status();
    }
}
