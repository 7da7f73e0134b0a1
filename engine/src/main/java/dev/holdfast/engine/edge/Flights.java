package dev.holdfast.engine.edge;

import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.KeyRef;
import dev.holdfast.engine.time.Signal;
import dev.holdfast.engine.time.Time;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The questions under way, one for each key at most: whoever asks for the same waits for the same answer. Thread-safe. */
final class Flights {
    private final Time time;
    private final ConcurrentHashMap<KeyRef, Flight> under = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<KeyRef, List<Overtaken>> watched = new ConcurrentHashMap<>();

    Flights(Time time) {
        this.time = time;
    }

    /** One question and its answer. */
    final class Flight {
        final KeyRef ref;
        final long beganNanos = time.nanos();
        final long beganMillis = time.wallMillis();
        private final Signal landed = new Signal(time);
        private final AtomicReference<Version> overtakenBy = new AtomicReference<>(Version.NONE);
        private volatile @Nullable NearAnswer answer;

        private Flight(KeyRef ref) {
            this.ref = ref;
        }

        /** Whether the key was given a newer version than this while the question was under way. */
        boolean overtakes(Version version) {
            return overtakenBy.get().newerThan(version);
        }

        void land(NearAnswer known) {
            answer = known;
            under.remove(ref, this);
            landed.wake();
        }

        /** The answer; null when there is none until the deadline. */
        @Nullable
        NearAnswer await(long deadline) throws InterruptedException {
            landed.await(deadline, () -> answer != null);
            return answer;
        }
    }

    /** A call under way: what is heard of its key meanwhile may be newer, and the key may not be here to take note of it. */
    final class Overtaken implements AutoCloseable {
        private final KeyRef ref;
        private final AtomicReference<Version> overtakenBy = new AtomicReference<>(Version.NONE);

        private Overtaken(KeyRef ref) {
            this.ref = ref;
        }

        /** The call is over. */
        @Override
        public void close() {
            watched.computeIfPresent(ref, (_, all) -> {
                List<Overtaken> left =
                        all.stream().filter(other -> other != this).toList();
                return left.isEmpty() ? null : left;
            });
        }

        /** Whether the key was given a newer version than this meanwhile. */
        boolean by(Version version) {
            return overtakenBy.get().newerThan(version);
        }
    }

    /** Looks out for what is heard of a key, until that is closed. */
    Overtaken watch(KeyRef ref) {
        Overtaken begun = new Overtaken(ref);
        watched.merge(
                ref,
                List.of(begun),
                (all, one) -> Stream.concat(all.stream(), one.stream()).toList());
        return begun;
    }

    /** @param flight to be waited for; {@code first} when it is for the caller to ask */
    record Boarding(Flight flight, boolean first) {}

    Boarding board(KeyRef ref) {
        Flight mine = new Flight(ref);
        Flight other = under.putIfAbsent(ref, mine);
        return other == null ? new Boarding(mine, true) : new Boarding(other, false);
    }

    /** The key has this version now: what was asked before may bring an older one, and nobody may wait for that from now on. */
    void overtake(KeyRef ref, Version version) {
        Flight flight = under.remove(ref);
        if (flight != null) {
            flight.overtakenBy.accumulateAndGet(version, Version::newest);
        }
        for (Overtaken call : watched.getOrDefault(ref, List.of())) {
            call.overtakenBy.accumulateAndGet(version, Version::newest);
        }
    }

    int size() {
        return under.size();
    }
}
