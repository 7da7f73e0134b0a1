package dev.holdfast.simulation;

import static dev.holdfast.simulation.TwoHomes.MILLI;
import static dev.holdfast.simulation.TwoHomes.NAMESPACE;
import static dev.holdfast.simulation.TwoHomes.SECOND;
import static dev.holdfast.simulation.TwoHomes.allCurrent;
import static dev.holdfast.simulation.TwoHomes.put;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.ReadMode;
import dev.holdfast.engine.replication.Store.Written;
import dev.holdfast.simulation.scheduler.RunFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;

/**
 * How much a provider that was away for long is asked for once it is back, while users go on: no drawn world lasts long enough. Also
 * hunts mutants: then it says which promise broke.
 */
public final class ReturnStories implements LongFunction<String> {
    private static final int KEYS = 20_000;
    private static final long TICK_NANOS = 100 * MILLI;
    private static final int TICKS_OF_A_SECOND = 10;
    private static final double MOST = 2;

    @Override
    public String apply(long seed) {
        try {
            boolean pressed = hintsAreGiven().overload() > MOST
                    || wipedPlaceIsRefilled().overload() > MOST
                    || usersWantMoreThanBefore().overload() > MOST
                    || usersWriteMoreThanItMayBeGiven().overload() > MOST;
            return pressed ? "P6" : "";
        } catch (RunFailure other) {
            // A mutant that cannot even tell the story is for the drawn worlds.
            return "";
        }
    }

    /**
     * What came of it.
     *
     * @param hints that were waiting when it came back
     * @param proven calls a second at it before it left, the most as an average over ten seconds
     * @param most calls at it in any second from its return to ten seconds after it was current, or the end
     * @param seconds from its return until it was current; {@link #NEVER} when that had not come when the story ended
     * @param failed requests of users that were not answered
     */
    record Told(long hints, double proven, long most, double seconds, int failed) {
        static final double NEVER = -1;

        double overload() {
            return most / proven;
        }
    }

    /** More than ten thousand writes were missed. */
    static Told hintsAreGiven() {
        return told(100, 100, 110, 120, false);
    }

    /** All that it held is gone. */
    static Told wipedPlaceIsRefilled() {
        return told(100, 100, 20, 120, true);
    }

    /** Users come three times as often when it is back. */
    static Told usersWantMoreThanBefore() {
        return told(100, 300, 20, 90, false);
    }

    /** They write twice what it may be given. */
    static Told usersWriteMoreThanItMayBeGiven() {
        return told(100, 800, 20, 20, false);
    }

    /** All is read in full while users come as before. */
    static Told allIsScrubbed() {
        List<Told> told = new ArrayList<>();
        TwoHomes.inOneWorld(1, world -> {
            ReplicatedStore store = world.started();
            Users users = new Users(world, store);
            Meter meter = new Meter(world);
            users.everySecond = 100;
            world.time.park(32 * SECOND);
            double proven = meter.mostInSeconds(10, 0) / 10.0;
            int from = meter.ticks();
            long begun = world.time.nanos();
            store.scrubNow();
            long end = begun + 300 * SECOND;
            while (store.scrubbing().running() && world.time.nanos() < end) {
                world.time.park(MILLI);
            }
            double seconds = store.scrubbing().running() ? Told.NEVER : (world.time.nanos() - begun) / (double) SECOND;
            long most = meter.mostInSeconds(1, from);
            users.stop();
            meter.over = true;
            world.time.park(5 * SECOND);
            store.close();
            told.add(new Told(0, proven, most, seconds, users.failed.get()));
        });
        return told.getFirst();
    }

    /**
     * @param before reads a second until it is back, and writes as well
     * @param after from then on
     * @param awaySeconds for how long it is away
     * @param watchedSeconds for how long it is looked at after that
     * @param wiped whether it then holds nothing any more
     */
    private static Told told(int before, int after, int awaySeconds, int watchedSeconds, boolean wiped) {
        List<Told> told = new ArrayList<>();
        TwoHomes.inOneWorld(1, world -> {
            ReplicatedStore store = world.started();
            Users users = new Users(world, store);
            Meter meter = new Meter(world);
            users.everySecond = before;
            world.time.park(32 * SECOND);
            double proven = meter.mostInSeconds(10, 0) / 10.0;
            world.cutOffB(store);
            world.time.park(awaySeconds * SECOND);
            long hints = store.status().hints().depth();
            if (wiped) {
                world.placeB.wipe();
            }
            users.everySecond = after;
            int from = meter.ticks();
            long back = world.time.nanos();
            world.placeB.cut(false);
            long end = back + watchedSeconds * SECOND;
            while (!allCurrent(store) && world.time.nanos() < end) {
                world.time.park(MILLI);
            }
            double seconds = allCurrent(store) ? (world.time.nanos() - back) / (double) SECOND : Told.NEVER;
            world.time.park(9 * SECOND);
            long most = meter.mostInSeconds(1, from);
            users.stop();
            meter.over = true;
            world.time.park(5 * SECOND);
            store.close();
            told.add(new Told(hints, proven, most, seconds, users.failed.get()));
        });
        return told.getFirst();
    }

    /** Reads and writes, each so many a second, whatever becomes of the earlier ones. */
    private static final class Users {
        private final TwoHomes world;
        private final ReplicatedStore store;
        private final AtomicInteger failed = new AtomicInteger();
        private volatile int everySecond;
        private volatile boolean over;
        private int next;

        Users(TwoHomes world, ReplicatedStore store) {
            this.world = world;
            this.store = store;
            world.time.fork("users", this::come);
        }

        private void come() {
            while (!over) {
                int rate = Math.max(1, everySecond);
                int number = next++;
                if (everySecond > 0) {
                    world.time.fork("writer", () -> written(Key.of("k" + number % KEYS)));
                    world.time.fork("reader", () -> read(Key.of("k" + (number * 7L) % Math.min(KEYS, number + 1))));
                }
                world.time.park(SECOND / rate);
            }
        }

        private void written(Key key) {
            if (!(put(store, key) instanceof Written.Acknowledged)) {
                failed.incrementAndGet();
            }
        }

        private void read(Key key) {
            if (store.get(NAMESPACE.id(), key, ReadMode.CONFIRMED) instanceof Answer.Unavailable) {
                failed.incrementAndGet();
            }
        }

        void stop() {
            over = true;
        }
    }

    /** Counts the calls that come to b. */
    private static final class Meter {
        private final TwoHomes world;
        private final List<Long> calls = new ArrayList<>();
        private volatile boolean over;

        Meter(TwoHomes world) {
            this.world = world;
            world.time.fork("meter", this::count);
        }

        private void count() {
            while (!over) {
                calls.add(world.placeB.calls());
                world.time.park(TICK_NANOS);
            }
        }

        int ticks() {
            return calls.size();
        }

        /** The most calls in so many seconds in a row. */
        long mostInSeconds(int seconds, int fromTick) {
            int ticks = seconds * TICKS_OF_A_SECOND;
            long most = 0;
            for (int i = fromTick + ticks; i < calls.size(); i++) {
                most = Math.max(most, calls.get(i) - calls.get(i - ticks));
            }
            return most;
        }
    }
}
