package dev.holdfast.simulation.check;

import dev.holdfast.engine.kv.Version;
import dev.holdfast.simulation.history.History;
import dev.holdfast.simulation.history.Operation;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What finished calls have shown of one key, and so below which version a call must not go; see {@link Sight}. */
final class Floors {
    static final Floor NONE = new Floor(Version.NONE, null);

    private final History history;
    private final Map<String, Shown> vouched = new TreeMap<>();
    private final Map<String, Shown> unconfirmed = new TreeMap<>();
    private final Past past = new Past();
    private final Past dark = new Past();
    private Floor everywhere = NONE;

    /** The newest version that some finished call has shown, and the write that made it. */
    record Floor(Version version, @Nullable Operation writer) {
        Floor orHigher(Floor other) {
            return other.version.newerThan(version) ? other : this;
        }
    }

    /** At a node. */
    private record Shown(Floor floor, long nanos) {}

    private static final Shown NEVER = new Shown(NONE, 0);

    /** In the order of time, so that one can ask what was known some time ago. */
    private static final class Past {
        private final NavigableMap<Long, Floor> byTime = new TreeMap<>();

        void add(long nanos, Floor floor) {
            Floor before = at(Long.MAX_VALUE);
            if (floor.version().newerThan(before.version())) {
                byTime.put(nanos, floor);
            }
        }

        Floor at(long nanos) {
            Map.Entry<Long, Floor> entry = byTime.floorEntry(nanos);
            return entry == null ? NONE : entry.getValue();
        }
    }

    Floors(History history) {
        this.history = history;
    }

    /** Takes note of calls in the order of their ends. */
    void raise(Operation operation, Floor shown) {
        String node = operation.node();
        long end = operation.endNanos();
        boolean sure = operation.write() || operation.confirmed();
        Map<String, Shown> here = sure ? vouched : unconfirmed;
        Shown before = here.getOrDefault(node, NEVER);
        // What nobody vouched for is remembered, but not on the disk.
        boolean forgotten = !sure && history.nodeChanged(node, before.nanos, end);
        if (forgotten || shown.version().newerThan(before.floor.version())) {
            here.put(node, new Shown(shown, end));
        }
        if (operation.everywhere()) {
            everywhere = everywhere.orHigher(shown);
        }
        if (!operation.dark()) {
            past.add(end, shown);
            return;
        }
        Long settled = history.settledSince(end);
        if (settled != null) {
            dark.add(settled, shown);
        }
    }

    /** Below which the call must not go. */
    Floor below(Operation operation) {
        long lag = operation.beginNanos() - Sight.lagNanos(operation);
        Floor floor = past.at(lag).orHigher(dark.at(lag)).orHigher(remembered(operation, unconfirmed));
        // An answer that nobody vouches for may be of any age, but for what this run of the node has seen.
        floor = floor.orHigher(
                operation.confirmed()
                        ? vouched.getOrDefault(operation.node(), NEVER).floor
                        : remembered(operation, vouched));
        return operation.troubles() == 0 ? floor.orHigher(everywhere) : floor;
    }

    private Floor remembered(Operation operation, Map<String, Shown> shown) {
        Shown last = shown.getOrDefault(operation.node(), NEVER);
        return history.nodeChanged(operation.node(), last.nanos, operation.endNanos()) ? NONE : last.floor;
    }
}
