package dev.holdfast.simulation.world;

import dev.holdfast.engine.edge.CacheStatus;
import dev.holdfast.engine.edge.NearAnswer;
import dev.holdfast.engine.edge.NearStore;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.StoreStatus;
import dev.holdfast.engine.time.Time;
import dev.holdfast.simulation.world.Wire.Came;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The store of the origins as an edge has it: what the server's remote store does over HTTP, over wires. The first origin that is well
 * is asked; a read that half of its time has gone by, or whose origin fails, goes to another one, and a write that has not begun. One
 * that has is unknown then.
 */
final class WiredStore implements Store {
    private static final String SOURCE = "origin";
    private static final long TIMEOUT_NANOS = 5_000_000_000L;
    private static final long AVOID_NANOS = 500_000_000L;
    private static final Refusal NOBODY = new Refusal(Reason.NO_PROVIDER, "No origin can be reached.");

    private final Function<NamespaceId, Namespace> namespaces;
    private final long ttlNanos;
    private final Time time;
    private final List<Wire> wires;
    private final @Nullable Recorder recorder;
    private final Map<Wire, Long> avoided = new HashMap<>();

    /**
     * @param namespaces as the origins know them
     * @param ttlNanos for how long the origins hold an answer to be good enough
     * @param recorder of what origins say; null where it is edges that are asked
     */
    WiredStore(
            Function<NamespaceId, Namespace> namespaces,
            long ttlNanos,
            Time time,
            List<Wire> wires,
            @Nullable Recorder recorder) {
        this.namespaces = namespaces;
        this.ttlNanos = ttlNanos;
        this.time = time;
        this.wires = wires;
        this.recorder = recorder;
    }

    @Override
    public Answer get(NamespaceId id, Key key, ReadMode mode) {
        Answer answer = send(
                running -> remote(read(running, id, key, mode)),
                true,
                came -> came instanceof Answer.Unavailable,
                new Answer.Unavailable(NOBODY),
                new Answer.Unavailable(NOBODY));
        if (recorder != null) {
            recorder.told(key, answer);
        }
        return answer;
    }

    private NearAnswer read(Serving running, NamespaceId id, Key key, ReadMode mode) {
        NearStore near = Objects.requireNonNull(running.near(), "an origin of edges has a near store");
        return mode == ReadMode.CACHED
                ? near.read(namespaces.apply(id), key, ttlNanos)
                : new NearAnswer(near.get(id, key, mode), CacheStatus.BYPASS, 0);
    }

    /** As it comes over the native API. */
    private static Answer remote(NearAnswer near) {
        long age = near.ageMillis();
        return switch (near.answer()) {
            case Answer.Found(var record, Freshness freshness) ->
                new Answer.Found(record, new Freshness(SOURCE, freshness.confirmed(), "", age));
            case Answer.Missing(var asOf, Freshness freshness) ->
                new Answer.Missing(asOf, new Freshness(SOURCE, freshness.confirmed(), "", age));
            case Answer.Unavailable unavailable -> unavailable;
        };
    }

    @Override
    public Written put(Namespace in, Key key, byte[] value, byte[] metadata, long expiration, Condition condition) {
        return write(store -> store.put(in, key, value, metadata, expiration, condition));
    }

    @Override
    public Written delete(Namespace in, Key key, Condition condition) {
        return write(store -> store.delete(in, key, condition));
    }

    private Written write(Function<Store, Written> work) {
        return send(
                running -> work.apply(running.store()),
                false,
                came -> came instanceof Written.Refused,
                new Written.Refused(NOBODY),
                new Written.Unknown(NOBODY));
    }

    @Override
    public Listing list(NamespaceId id, byte[] prefix, @Nullable Key after, int limit) {
        return send(
                running -> running.store().list(id, prefix, after, limit),
                true,
                came -> came instanceof Listing.Unavailable,
                new Listing.Unavailable(NOBODY),
                new Listing.Unavailable(NOBODY));
    }

    /**
     * Asks one origin after the other.
     *
     * @param safe whether it may be done twice
     * @param refused whether an answer is none, and another origin may give a better one
     * @param undone the answer when nothing has happened
     * @param unknown the answer when nobody knows
     */
    private <T> T send(Function<Serving, T> work, boolean safe, Predicate<T> refused, T undone, T unknown) {
        long deadline = time.nanos() + TIMEOUT_NANOS;
        List<Wire> left = new ArrayList<>(wires);
        T last = undone;
        while (!left.isEmpty() && deadline - time.nanos() > 0) {
            Wire wire = choose(left);
            left.remove(wire);
            long within = deadline - time.nanos();
            switch (wire.call(work, safe && !left.isEmpty() ? within / 2 : within)) {
                case Came.Answered<T>(T answer) -> {
                    if (!refused.test(answer)) {
                        return answer;
                    }
                    last = answer;
                }
                case Came.Unreachable<T>() -> avoid(wire);
                case Came.Broken<T>(), Came.Late<T>() -> {
                    avoid(wire);
                    if (!safe) {
                        return unknown;
                    }
                }
            }
        }
        return last;
    }

    private Wire choose(List<Wire> left) {
        long now = time.nanos();
        for (Wire wire : left) {
            Long until = avoided.get(wire);
            if (until == null || now - until >= 0) {
                return wire;
            }
        }
        return left.getFirst();
    }

    private void avoid(Wire wire) {
        avoided.put(wire, time.nanos() + AVOID_NANOS);
    }

    @Override
    public Explanation explain(NamespaceId id, Key key) {
        return new Explanation(List.of(), get(id, key, ReadMode.CONFIRMED));
    }

    @Override
    public StoreStatus status() {
        throw new UnsupportedOperationException("nobody asks an edge for the state of the providers");
    }
}
