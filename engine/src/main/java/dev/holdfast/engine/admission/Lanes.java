package dev.holdfast.engine.admission;

import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.Store.Reason;
import dev.holdfast.engine.replication.Store.Refusal;
import dev.holdfast.engine.time.Background;
import dev.holdfast.engine.time.Time;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a namespace that is asked as fast as it can be from taking the processor of the others (promise P7). While the processor is full,
 * whoever has had more than its even share of the last tenth of a second is let through a {@link Lane} of its own, in which its calls wait
 * for their turns. The lane begins at half of what the namespace had, narrows by a third in each tenth of a second in which the processor is
 * still full, down to the even share, and widens otherwise, until nobody has to wait in it: by a tenth while it is far from the width at which
 * the processor was full last, then by a fiftieth, since each time it is full the others feel it. So the others find a processor that has
 * something left, and what floods the node waits for itself. A namespace that has a full processor for itself has no lane; it gets one with
 * the first call of another one.
 *
 * <p>A call that is answered from near counts as one, any other as five: that is how much of the processor they take. Without a lane a
 * call costs one count. Thread-safe.
 */
public final class Lanes implements AutoCloseable {
    static final int COST_NEAR = 1;
    static final int COST_OTHER = 5;

    private static final long WINDOW_NANOS = 100_000_000L;
    private static final int WINDOWS_PER_SECOND = 10;
    /** So often are calls let out of a lane: few at a time, or they would be a crowd again. */
    private static final long TURN_NANOS = 1_000_000L;
    /** So much more than the even share is still taken for even. */
    private static final double SLACK = 1.25;

    /** Cost a second that every lane lets through: below, nobody floods anything. */
    private static final double LEAST = 500;

    /** A minute: of who has not come for so long nothing is kept, or those that are deleted would stay. */
    private static final int FORGOTTEN_WINDOWS = 60 * WINDOWS_PER_SECOND;

    private static final long PATIENCE_NANOS = 1_000_000_000L;
    private static final int RETRY_SECONDS = 4;

    private final Time time;
    private final BooleanSupplier crowded;
    private final Map<NamespaceId, Lane> lanes = new ConcurrentHashMap<>();
    private final LongAdder waited = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final Thread watch;
    private long lookedAt;
    /** Whether at the last look one namespace had a full processor for itself. */
    private volatile boolean fullOfOne;

    /** @param crowded whether the processor is full, of this node's work; asked ten times a second */
    public Lanes(Time time, BooleanSupplier crowded) {
        this.time = time;
        this.crowded = crowded;
        this.lookedAt = time.nanos();
        this.watch = Background.start(time, "lanes", this::turn);
    }

    private Lane lane(NamespaceId namespace) {
        Lane found = lanes.get(namespace);
        Lane lane = found != null ? found : lanes.computeIfAbsent(namespace, named -> new Lane());
        if (fullOfOne && lane.had() == 0) {
            makeRoom();
        }
        return lane;
    }

    /** Whoever has come would feel a tenth of a second of the flood, were it to wait for the next look. */
    private synchronized void makeRoom() {
        if (fullOfOne) {
            fullOfOne = false;
            lanes.values().stream()
                    .filter(lane -> lane.had() > 0 && !lane.narrow())
                    .forEach(lane -> lane.begin(lane.had() * (double) WINDOWS_PER_SECOND, LEAST, time.nanos()));
            LockSupport.unpark(watch);
        }
    }

    /** Whether a call may be answered on the thread of its connection. Counts it as one that is answered from near. */
    public boolean atOnce(NamespaceId namespace) {
        Lane lane = lane(namespace);
        lane.count(COST_NEAR);
        return !lane.narrow() || lane.take(COST_NEAR);
    }

    /**
     * Waits for the turn of a call.
     *
     * @param counted whether {@link #atOnce} has counted it
     * @return null when it may go on; otherwise why not, and nothing has been done
     */
    public @Nullable Refusal inTurn(NamespaceId namespace, boolean counted) {
        int cost = counted ? COST_NEAR : COST_OTHER;
        Lane lane = lane(namespace);
        if (!counted) {
            lane.count(cost);
        }
        if (!lane.narrow() || lane.take(cost)) {
            return null;
        }
        waited.increment();
        if (lane.await(cost, time, time.nanos() + PATIENCE_NANOS)) {
            return null;
        }
        refused.increment();
        return new Refusal(
                Reason.SHED,
                "The node is busy, and the namespace asks for more than its share. Nothing was done. Try again later.",
                1 + time.random().nextInt(RETRY_SECONDS));
    }

    /** How many calls have waited in a lane since the start. */
    public long waited() {
        return waited.sum();
    }

    /** How many have waited in vain. */
    public long refused() {
        return refused.sum();
    }

    /** Of how many namespaces it keeps what they have had. */
    public int namespaces() {
        return lanes.size();
    }

    private long turn() {
        long now = time.nanos();
        if (now - lookedAt >= WINDOW_NANOS) {
            lookedAt = now;
            look(now);
        }
        boolean any = false;
        for (Lane lane : lanes.values()) {
            if (lane.narrow()) {
                lane.letOut(now);
                any = true;
            }
        }
        return any ? TURN_NANOS : WINDOW_NANOS;
    }

    private void look(long now) {
        boolean full = crowded.getAsBoolean();
        long all = 0;
        int busy = 0;
        for (Lane lane : lanes.values()) {
            long had = lane.window();
            all += had;
            busy += had > 0 ? 1 : 0;
        }
        // Who comes at this moment is counted in what is thrown away, which is one call.
        lanes.values().removeIf(lane -> lane.idle(FORGOTTEN_WINDOWS));
        fullOfOne = full && busy == 1;
        double even = (double) all / Math.max(1, busy);
        double least = Math.max(LEAST, even * WINDOWS_PER_SECOND);
        for (Lane lane : lanes.values()) {
            if (!lane.narrow()) {
                if (full && busy > 1 && lane.had() > SLACK * even) {
                    lane.begin(lane.had() * (double) WINDOWS_PER_SECOND, least, now);
                }
            } else if (busy <= 1 || (!full && !lane.held())) {
                lane.open();
            } else if (full) {
                lane.narrower(least);
            } else {
                lane.wider(least);
            }
        }
    }

    @Override
    public void close() {
        watch.interrupt();
    }
}
