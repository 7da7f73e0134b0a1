package dev.holdfast.server.workerskv;

import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.replication.Holds;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.SystemRecords;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.config.UpstreamConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The upstreams of a node, by what the configuration calls their namespaces. Thread-safe. */
public final class Upstreams implements AutoCloseable {
    private final SystemRecords records;
    private final Map<String, Filling> byName = new LinkedHashMap<>();
    private final Map<String, WorkersKv> open = new LinkedHashMap<>();
    private final Set<String> ended = ConcurrentHashMap.newKeySet();

    /** @param store in which what comes from there is kept */
    public Upstreams(List<UpstreamConfig> config, Store store, SystemRecords records, Time time) {
        this.records = records;
        for (UpstreamConfig one : config) {
            if (one.ended()) {
                ended.add(one.namespace());
                continue;
            }
            WorkersKv there = new WorkersKv(one.url(), one.account(), ApiToken.file(one.token()), one.timeout());
            open.put(one.name(), there);
            Pace pace = new Pace(time, one.requests());
            Upstream upstream = new Upstream(one.name(), there, one.source(), pace, time);
            byName.put(one.namespace(), new Filling(upstream, store, records, time));
        }
    }

    /** @return null for a namespace that has none */
    @Nullable
    Filling of(Namespace namespace) {
        if (!ended.isEmpty()) {
            release(namespace);
        }
        if (byName.isEmpty()) {
            return null;
        }
        Filling filling = byName.get(namespace.title());
        return filling == null ? byName.get(namespace.id().toString()) : filling;
    }

    /** What is read of a namespace whose upstream has ended says that it is known by now; then its tombstones may go. */
    private void release(Namespace namespace) {
        for (String called : List.of(namespace.title(), namespace.id().toString())) {
            if (ended.contains(called) && Holds.release(records, namespace.id())) {
                ended.remove(called);
            }
        }
    }

    @Override
    public void close() {
        open.values().forEach(WorkersKv::close);
    }
}
