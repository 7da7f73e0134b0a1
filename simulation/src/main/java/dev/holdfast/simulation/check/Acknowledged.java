package dev.holdfast.simulation.check;

import dev.holdfast.engine.kv.Version;
import dev.holdfast.simulation.history.History;
import dev.holdfast.simulation.history.Operation;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/** The newest version of a key that was acknowledged by some time, and that others had to know of by then; see {@link Sight}. */
final class Acknowledged {
    private final Past all;
    private final Past shown;
    private final Past everywhere;

    /** @param since from when on a write counts */
    Acknowledged(History history, Writes writes, ToLongFunction<Operation> since) {
        List<ByVersion.Entry> entries = writes.acknowledged().from(Version.NONE);
        this.all = past(entries, since);
        this.shown = past(entries, write -> Math.max(Sight.shownSince(history, write), since.applyAsLong(write)));
        this.everywhere = past(
                entries.stream().filter(entry -> entry.operation().everywhere()).toList(), since);
    }

    private static Past past(List<ByVersion.Entry> entries, ToLongFunction<Operation> since) {
        record At(long nanos, Version version) {}
        Past past = new Past();
        entries.stream()
                .map(entry -> new At(since.applyAsLong(entry.operation()), entry.version()))
                .sorted(Comparator.comparingLong(At::nanos))
                .forEach(at -> past.add(at.nanos(), at.version()));
        return past;
    }

    /** At whichever node. */
    Version all(long nanos) {
        return all.at(nanos);
    }

    /** At another node, what that must have shown to all. */
    Version shared(long nanos, int troubles) {
        Version floor = shown.at(nanos - Sight.READ_LAG_NANOS);
        return troubles == 0 ? Version.newest(floor, everywhere.at(nanos)) : floor;
    }
}
