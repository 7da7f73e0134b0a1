package dev.holdfast.simulation.check;

import dev.holdfast.engine.kv.Version;
import dev.holdfast.simulation.history.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes of one key in the order of their versions; of those with the same version the last one counts. */
final class ByVersion {
    /** In the order in which they came, which is nearly that of their versions, so that to sort them costs little. */
    record Entry(Version version, Operation operation) {}

    private final List<Entry> entries;

    ByVersion(List<Entry> unordered) {
        List<Entry> sorted = new ArrayList<>(unordered);
        sorted.sort(Comparator.comparing(Entry::version));
        entries = new ArrayList<>(sorted.size());
        for (Entry entry : sorted) {
            if (!entries.isEmpty() && entries.getLast().version().equals(entry.version())) {
                entries.removeLast();
            }
            entries.add(entry);
        }
    }

    @Nullable
    Operation get(Version version) {
        int at = first(version);
        return at < entries.size() && entries.get(at).version().equals(version)
                ? entries.get(at).operation()
                : null;
    }

    /** The last one older than {@code version}. */
    @Nullable
    Operation below(Version version) {
        int at = first(version) - 1;
        return at < 0 ? null : entries.get(at).operation();
    }

    /** Those at {@code version} and newer. */
    List<Entry> from(Version version) {
        return entries.subList(first(version), entries.size());
    }

    /** Those newer than {@code version}. */
    List<Entry> after(Version version) {
        return entries.subList(behind(version), entries.size());
    }

    /** Those up to {@code version}. */
    List<Entry> upTo(Version version) {
        return entries.subList(0, behind(version));
    }

    private int behind(Version version) {
        int at = first(version);
        return at < entries.size() && entries.get(at).version().equals(version) ? at + 1 : at;
    }

    /** Where those begin that are not older than {@code version}. */
    private int first(Version version) {
        int low = 0;
        int high = entries.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (version.newerThan(entries.get(middle).version())) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
