package dev.holdfast.simulation;

import static dev.holdfast.simulation.TwoHomes.SECOND;

import dev.holdfast.engine.edge.Coverage;
import dev.holdfast.engine.edge.DiskLevel;
import dev.holdfast.engine.edge.EdgeConfig;
import dev.holdfast.engine.edge.FeedFollower;
import dev.holdfast.engine.edge.Near;
import dev.holdfast.engine.edge.NearAnswer;
import dev.holdfast.engine.edge.NearStore;
import dev.holdfast.engine.edge.Pinned;
import dev.holdfast.engine.edge.PinnedStatus;
import dev.holdfast.engine.edge.Relay;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.OnOutage;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Condition;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** An edge before an origin, put together as the server does it. */
final class PinnedEdge {
    static final long TTL = 60 * SECOND;
    static final int MANY = 40;
    static final byte[] NOTHING = {};
    static final Namespace PINNED = TwoHomes.NAMESPACE.with(Namespace.Policy.DEFAULT.withPinned(true));
    static final Namespace OTHER =
            new Namespace(new NamespaceId(8, 8), "other", "0".repeat(32), "", "", PINNED.policy(), 0, 0);

    final TwoHomes world;
    final PinnedOrigin origin;
    final NearStore store;
    final Pinned pinned;
    final FeedFollower feed;
    final AtomicReference<List<Namespace>> namespaces = new AtomicReference<>(List.of(PINNED));
    Namespace namespace = PINNED;

    PinnedEdge(TwoHomes world, PinnedOrigin origin, @Nullable LocalStore disk, EdgeConfig config) {
        this(world, origin, disk, null, config, 0);
    }

    /**
     * @param level where what is read is kept, beside the copies
     * @param lateNanos how long the copies come after the feed
     */
    PinnedEdge(
            TwoHomes world,
            PinnedOrigin origin,
            @Nullable LocalStore disk,
            @Nullable DiskLevel level,
            EdgeConfig config,
            long lateNanos) {
        this.world = world;
        this.origin = origin;
        Near near = Near.simulated(world.time, config, level);
        feed = new FeedFollower(world.time, origin, near, new Relay(world.time, 0), () -> {});
        Coverage coverage = Coverage.all(List.of(feed));
        store = new NearStore(origin, world.time, config, coverage, near);
        world.time.park(lateNanos);
        pinned = new Pinned(world.time, origin, coverage, near, disk, config, namespaces::get);
    }

    PinnedStatus status() {
        return store.pinned().getFirst();
    }

    PinnedEdge whole() {
        world.await("the copy is whole", 20 * SECOND, () -> status().whole());
        // The first feed may have been heard after the first walk.
        world.time.park(2 * SECOND);
        return this;
    }

    NearAnswer read(String key) {
        return store.read(namespace, Key.of(key), TTL);
    }

    int value(String key) {
        return value(read(key));
    }

    boolean absent(String key) {
        return read(key).absent();
    }

    Store.Written put(String key, int value, Condition condition) {
        return store.put(namespace, Key.of(key), new byte[] {(byte) value}, NOTHING, Record.NEVER, condition);
    }

    void with(String onOutage) {
        namespace = PINNED.with(
                Namespace.Policy.DEFAULT.withOnOutage(OnOutage.parse(onOutage)).withPinned(true));
    }

    static int value(NearAnswer answer) {
        return answer.answer() instanceof Answer.Found(Record record, var _) ? record.value()[0] : -1;
    }

    static PinnedOrigin filled(TwoHomes world) {
        PinnedOrigin origin = new PinnedOrigin(world);
        for (int i = 0; i < MANY; i++) {
            origin.keep("k" + i, i);
        }
        return origin;
    }

    static PinnedEdge edge(TwoHomes world) {
        return new PinnedEdge(world, filled(world), null, EdgeConfig.DEFAULT);
    }

    static EdgeConfig config(long pinnedBytes, Duration verify) {
        EdgeConfig usual = EdgeConfig.DEFAULT;
        return new EdgeConfig(
                usual.memoryBytes(), usual.diskBytes(), usual.patience(), usual.refreshers(), pinnedBytes, verify);
    }
}
