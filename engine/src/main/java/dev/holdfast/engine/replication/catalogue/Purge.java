package dev.holdfast.engine.replication.catalogue;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.Store.Condition;
import dev.holdfast.engine.replication.Store.Listed;
import dev.holdfast.engine.replication.Store.Listing;
import dev.holdfast.engine.replication.Store.Written;
import dev.holdfast.engine.time.Background;
import dev.holdfast.engine.time.Time;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes the data of namespaces whose deletion can no longer be undone, key by key like any other delete. */
public final class Purge implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Purge.class);
    private static final long EVERY_NANOS = 60_000_000_000L;
    private static final int PAGE = 1000;

    private final Time time;
    private final Store store;
    private final CatalogueNamespaces namespaces;
    private @Nullable Thread thread;

    public Purge(Time time, Store store, CatalogueNamespaces namespaces) {
        this.time = time;
        this.store = store;
        this.namespaces = namespaces;
    }

    public void start() {
        thread = time.fork("purge", () -> {
            try {
                while (true) {
                    time.sleep(EVERY_NANOS);
                    for (Namespace namespace : namespaces.overdue()) {
                        purge(namespace);
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Deletes all keys; what does not succeed is tried again at the next round. */
    void purge(Namespace namespace) {
        Key after = null;
        long deleted = 0;
        while (!Thread.currentThread().isInterrupted()) {
            if (!(store.keys(namespace.id(), new byte[0], after, PAGE) instanceof Listing.Keys page)) {
                return;
            }
            for (Listed listed : page.keys()) {
                if (!(store.delete(namespace, listed.key(), Condition.NONE) instanceof Written.Acknowledged)) {
                    return;
                }
                deleted++;
            }
            after = page.next();
            if (after == null) {
                finish(namespace, deleted, page.confirmed());
                return;
            }
        }
    }

    private void finish(Namespace namespace, long deleted, boolean complete) {
        if (!complete) {
            return;
        }
        try {
            namespaces.purged(namespace);
            LOG.info("namespace {} has been purged: {} keys deleted", namespace.id(), deleted);
        } catch (Catalogue.NotKept e) {
            LOG.error("namespace {} is empty and cannot be marked so: {}", namespace.id(), e.getMessage());
        }
    }

    @Override
    public void close() {
        Background.end(thread);
    }
}
