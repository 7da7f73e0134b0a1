package dev.holdfast.simulation.check;

import dev.holdfast.engine.kv.Version;
import dev.holdfast.simulation.history.History;
import dev.holdfast.simulation.history.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/** The newest version of a key that was acknowledged by some time, and that others had to know of by then; see {@link Sight}. */
final class Acknowledged {
    private static final long LAG_NANOS = 6_000_000_000L;

    private final Past all = new Past();
    private final Past light = new Past();
    private final Past settled = new Past();
    private final Past everywhere = new Past();

    private record At(long nanos, Version version, Operation write) {}

    /** @param since from when on a write counts */
    Acknowledged(History history, Writes writes, ToLongFunction<Operation> since) {
        List<At> byTime = new ArrayList<>();
        List<At> dark = new ArrayList<>();
        for (ByVersion.Entry entry : writes.acknowledged().from(Version.NONE)) {
            Operation write = entry.operation();
            long from = since.applyAsLong(write);
            byTime.add(new At(from, entry.version(), write));
            Long known = write.dark() ? history.settledSince(write.endNanos()) : null;
            if (known != null) {
                dark.add(new At(Math.max(known, from), entry.version(), write));
            }
        }
        byTime.sort(Comparator.comparingLong(At::nanos));
        dark.sort(Comparator.comparingLong(At::nanos));
        for (At at : byTime) {
            all.add(at.nanos(), at.version());
            if (!at.write().dark()) {
                light.add(at.nanos(), at.version());
            }
            if (at.write().everywhere()) {
                everywhere.add(at.nanos(), at.version());
            }
        }
        dark.forEach(at -> settled.add(at.nanos(), at.version()));
    }

    /** At whichever node. */
    Version all(long nanos) {
        return all.at(nanos);
    }

    /** At another node, what that must have shown to all. */
    Version shared(long nanos, int troubles) {
        Version floor = Version.newest(light.at(nanos - LAG_NANOS), settled.at(nanos - LAG_NANOS));
        return troubles == 0 ? Version.newest(floor, everywhere.at(nanos)) : floor;
    }
}
