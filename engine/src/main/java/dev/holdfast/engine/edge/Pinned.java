package dev.holdfast.engine.edge;

import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.replication.Rules;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.time.Background;
import dev.holdfast.engine.time.Time;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a full copy of every pinned namespace at this node (see docs/adr/0016). Each is walked through at the origins when it is begun,
 * is told all that the feeds tell, and lies on disk, too; from the moment on at which it is whole, reads of the namespace do not leave
 * the node. What of it lies on disk is there once the constructor returns. Thread-safe.
 */
public final class Pinned implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Pinned.class);
    private static final long TICK_NANOS = 1_000_000_000L;
    /** How many keys of a namespace are asked for at a time. */
    private static final int FETCHERS = 8;

    private final Time time;
    private final Store store;
    private final Coverage coverage;
    private final Near near;
    private final PinnedCopies copies;
    private final @Nullable LocalStore local;
    private final EdgeConfig config;
    private final Supplier<List<Namespace>> pinned;
    private final Rules rules;
    private final Map<NamespaceId, Kept> kept = new LinkedHashMap<>();
    private final Thread thread;

    /** One copy, and who works on it. */
    private record Kept(PinnedCopy copy, @Nullable PinnedDisk disk, List<Thread> threads) {}

    /**
     * @param store the origins, and no cache before them
     * @param coverage by all feeds that {@code near} is told of
     * @param local where copies are kept on disk; null for memory alone
     * @param pinned the pinned namespaces as they are now; asked every second
     */
    public Pinned(
            Time time,
            Store store,
            Coverage coverage,
            Near near,
            @Nullable LocalStore local,
            EdgeConfig config,
            Supplier<List<Namespace>> pinned) {
        this(time, store, coverage, near, local, config, pinned, Rules.NONE);
    }

    /** @param rules for what lies on the disk */
    public Pinned(
            Time time,
            Store store,
            Coverage coverage,
            Near near,
            @Nullable LocalStore local,
            EdgeConfig config,
            Supplier<List<Namespace>> pinned,
            Rules rules) {
        this.time = time;
        this.rules = rules;
        this.store = store;
        this.coverage = coverage;
        this.near = near;
        this.copies = near.pinned();
        this.local = local;
        this.config = config;
        this.pinned = pinned;
        follow();
        forgetOthers();
        this.thread = Background.start(time, "pinned", this::step);
    }

    private void forgetOthers() {
        try {
            if (local != null) {
                PinnedDisk.forgetOthers(local, kept.keySet());
            }
        } catch (LocalStoreFault fault) {
            LOG.warn("what was kept of pinned namespaces cannot be deleted: {}", fault.getMessage());
        }
    }

    private long step() {
        follow();
        kept.values().forEach(each -> each.copy().advance(coverage));
        kept.values().forEach(each -> each.copy().drop());
        return TICK_NANOS;
    }

    /** Begins the copies of namespaces that have come to be pinned, and ends those of others. */
    private void follow() {
        Set<NamespaceId> gone = new HashSet<>(kept.keySet());
        for (Namespace namespace : pinned.get()) {
            gone.remove(namespace.id());
            Kept here = kept.get(namespace.id());
            if (here == null) {
                kept.put(namespace.id(), begin(namespace));
            } else {
                here.copy().titled(namespace.title());
            }
        }
        gone.forEach(this::end);
    }

    private Kept begin(Namespace namespace) {
        PinnedCopy copy = copies.make(namespace);
        PinnedDisk disk = local == null ? null : new PinnedDisk(time, local, copy, rules);
        if (disk != null) {
            disk.load();
        }
        copies.add(copy);
        near.recall(copy);
        PinnedWalk walk = new PinnedWalk(time, store, coverage, near, copy, config.pinnedVerify());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < FETCHERS; i++) {
            threads.add(Background.start(time, "pinned-fetch", new PinnedFetch(time, store, copy)::step));
        }
        threads.add(Background.start(time, "pinned-walk", walk::step));
        if (disk != null) {
            threads.add(Background.start(time, "pinned-disk", disk::step));
        }
        return new Kept(copy, disk, threads);
    }

    private void end(NamespaceId id) {
        Kept ended = kept.remove(id);
        if (ended == null) {
            return;
        }
        Background.end(ended.threads());
        copies.remove(ended.copy());
        try {
            if (ended.disk() != null) {
                ended.disk().forget();
            }
        } catch (LocalStoreFault fault) {
            LOG.warn("what was kept of a namespace that was pinned cannot be deleted: {}", fault.getMessage());
        }
    }

    /** Writes what is not on disk yet. The local store is the caller's to close. */
    @Override
    public void close() {
        Background.end(thread);
        for (Kept each : kept.values()) {
            Background.end(each.threads());
            if (each.disk() != null) {
                each.disk().write();
            }
        }
    }
}
