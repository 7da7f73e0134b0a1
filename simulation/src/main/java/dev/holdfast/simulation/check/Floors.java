package dev.holdfast.simulation.check;

import dev.holdfast.engine.kv.Version;
import dev.holdfast.simulation.history.History;
import dev.holdfast.simulation.history.Operation;
import java.util.HashMap;
import java.util.Map;

/** What finished calls have shown of one key, and so below which version a call must not go; see {@link Sight}. */
final class Floors {
    private final History history;
    private final Map<String, Shown> vouched = new HashMap<>();
    private final Map<String, Shown> unconfirmed = new HashMap<>();
    private final Past past = new Past();
    private final Past dark = new Past();
    private Version everywhere = Version.NONE;

    /** A version, and when a call that showed it ended. */
    private record Shown(Version version, long nanos) {}

    private static final Shown NEVER = new Shown(Version.NONE, 0);

    Floors(History history) {
        this.history = history;
    }

    /** Takes note of calls in the order of their ends. */
    void raise(Operation operation, Version shown) {
        String node = operation.node();
        long end = operation.endNanos();
        boolean sure = operation.write() || operation.confirmed();
        Map<String, Shown> here = sure ? vouched : unconfirmed;
        Shown before = here.getOrDefault(node, NEVER);
        // What nobody vouched for is remembered, but not on the disk.
        boolean forgotten = !sure && history.nodeChanged(node, before.nanos, end);
        if (forgotten || shown.newerThan(before.version)) {
            here.put(node, new Shown(shown, end));
        }
        if (operation.everywhere()) {
            everywhere = Version.newest(everywhere, shown);
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
    Version below(Operation operation) {
        long lag = operation.beginNanos() - Sight.lagNanos(operation);
        Version floor = Version.newest(past.at(lag), dark.at(lag));
        floor = Version.newest(floor, remembered(operation, unconfirmed));
        // An answer that nobody vouches for may be of any age, but for what this run of the node has seen.
        floor = Version.newest(
                floor,
                operation.confirmed()
                        ? vouched.getOrDefault(operation.node(), NEVER).version
                        : remembered(operation, vouched));
        return operation.troubles() == 0 ? Version.newest(floor, everywhere) : floor;
    }

    private Version remembered(Operation operation, Map<String, Shown> shown) {
        Shown last = shown.get(operation.node());
        return last == null || history.nodeChanged(operation.node(), last.nanos, operation.endNanos())
                ? Version.NONE
                : last.version;
    }
}
