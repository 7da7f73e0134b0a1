package dev.holdfast.providers.cassandra;

import dev.holdfast.engine.time.Time;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * Changes of one bucket wait in a lane, and a thread that lives as long as there are any makes them, all that wait at a time:
 * Cassandra agrees on one change of a partition after the other, and two at once only get in each other's way. Thread-safe.
 */
final class Lanes {
    private static final int MOST_WAITING = 1024;
    /** So many rows and bytes are changed at a time. */
    static final int MOST_KEYS = 64;

    private static final int MOST_BYTES = 1024 * 1024;

    private final Time time;
    private final BiConsumer<Bucket, List<Change>> work;
    private final Map<Bucket, Deque<Change>> lanes = new ConcurrentHashMap<>();

    /** @param work does not throw, and settles the outcome of each change */
    Lanes(Time time, BiConsumer<Bucket, List<Change>> work) {
        this.time = time;
        this.work = work;
    }

    /** @return false when too many wait in the lane: nothing will happen */
    boolean offer(Bucket bucket, Change change) {
        boolean[] taken = new boolean[2];
        lanes.compute(bucket, (key, lane) -> {
            Deque<Change> queue = lane == null ? new ArrayDeque<>() : lane;
            taken[0] = queue.size() < MOST_WAITING;
            taken[1] = lane == null;
            if (taken[0]) {
                queue.add(change);
            }
            return queue;
        });
        if (taken[1]) {
            time.fork("commit-" + bucket.namespace(), () -> empty(bucket));
        }
        return taken[0];
    }

    private void empty(Bucket bucket) {
        for (List<Change> group = next(bucket); !group.isEmpty(); group = next(bucket)) {
            work.accept(bucket, group);
        }
    }

    /** What waits, up to the bounds; the lane is gone when that is nothing. */
    private List<Change> next(Bucket bucket) {
        List<Change> group = new ArrayList<>();
        lanes.compute(bucket, (key, lane) -> {
            if (lane == null || lane.isEmpty()) {
                return null;
            }
            int keys = 0;
            int bytes = 0;
            while (!lane.isEmpty()) {
                keys += lane.peek().keys().size();
                bytes += lane.peek().bytes();
                if (!group.isEmpty() && (keys > MOST_KEYS || bytes > MOST_BYTES)) {
                    break;
                }
                group.add(lane.remove());
            }
            return lane;
        });
        return group;
    }
}
