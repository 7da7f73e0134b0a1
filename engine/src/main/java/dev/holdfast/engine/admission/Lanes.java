package dev.holdfast.engine.admission;

import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.time.Background;
import dev.holdfast.engine.time.Time;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a namespace that is read from near as fast as it can be from taking the processor of the others (promise P7). Such reads are
 * answered on the threads of the connections, in no order of namespaces. While the processor has nothing left, whoever has had more
 * than its even share of the last tenth of a second is sent to a lane of its own, where one read at a time is answered: what floods the
 * node then waits for itself. Otherwise nothing is held up, and a read costs one count.
 *
 * <p>Thread-safe.
 */
public final class Lanes implements AutoCloseable {
    private static final long WINDOW_NANOS = 100_000_000L;
    /** So much more than the even share is still taken for even. */
    private static final double SLACK = 1.25;

    private final BooleanSupplier crowded;
    private final Map<NamespaceId, Lane> lanes = new ConcurrentHashMap<>();
    private final LongAdder sent = new LongAdder();
    private final Thread watch;

    /** What a namespace has had in this window, and whether that was too much in the last one. */
    private static final class Lane {
        private final LongAdder reads = new LongAdder();
        private final Semaphore turn = new Semaphore(1, true);
        private volatile boolean over;
        /** In the last window; the watch's own. */
        private long had;
    }

    /** @param crowded whether the processor has nothing left; asked ten times a second */
    public Lanes(Time time, BooleanSupplier crowded) {
        this.crowded = crowded;
        this.watch = Background.start(time, "lanes", this::look);
    }

    private Lane lane(NamespaceId namespace) {
        Lane lane = lanes.get(namespace);
        return lane != null ? lane : lanes.computeIfAbsent(namespace, named -> new Lane());
    }

    /** Whether a read may be answered on the thread of its connection. Counts it. */
    public boolean atOnce(NamespaceId namespace) {
        Lane lane = lane(namespace);
        lane.reads.increment();
        return !lane.over;
    }

    /**
     * Answers a read that was sent to its lane, in its turn. It must not wait for anybody else.
     *
     * @return null when the namespace has no lane now, so that the read need not wait for a turn
     */
    public <T> @Nullable T inTurn(NamespaceId namespace, Supplier<@Nullable T> read) {
        Lane lane = lane(namespace);
        if (!lane.over) {
            return null;
        }
        sent.increment();
        lane.turn.acquireUninterruptibly();
        try {
            return read.get();
        } finally {
            lane.turn.release();
        }
    }

    /** How many reads were sent to a lane since the start. */
    public long sent() {
        return sent.sum();
    }

    private long look() {
        boolean full = crowded.getAsBoolean();
        long all = 0;
        int busy = 0;
        for (Lane lane : lanes.values()) {
            lane.had = lane.reads.sumThenReset();
            all += lane.had;
            busy += lane.had > 0 ? 1 : 0;
        }
        double even = (double) all / Math.max(1, busy);
        for (Lane lane : lanes.values()) {
            lane.over = full && busy > 1 && lane.had > SLACK * even;
        }
        return WINDOW_NANOS;
    }

    @Override
    public void close() {
        watch.interrupt();
    }
}
