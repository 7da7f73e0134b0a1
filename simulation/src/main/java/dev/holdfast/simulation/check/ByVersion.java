package dev.holdfast.simulation.check;

import dev.holdfast.engine.kv.Version;
import dev.holdfast.simulation.history.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes of one key in the order of their versions; of those with the same version the last one counts. */
final class ByVersion {
    private static final Comparator<Entry> BY_VERSION = (a, b) -> a.version().compareTo(b.version());

    /** In the order in which they came, which is nearly that of their versions, so that to sort them costs little. */
    record Entry(Version version, Operation operation) {}

    private final List<Entry> entries;

    /** Beside the entries, since to look for a version in them is most of what checkers do. */
    private final long[] versions;

    ByVersion(List<Entry> unordered) {
        List<Entry> sorted = new ArrayList<>(unordered);
        sorted.sort(BY_VERSION);
        entries = new ArrayList<>(sorted.size());
        for (Entry entry : sorted) {
            if (!entries.isEmpty() && entries.getLast().version().equals(entry.version())) {
                entries.removeLast();
            }
            entries.add(entry);
        }
        versions = new long[entries.size()];
        for (int i = 0; i < versions.length; i++) {
            versions[i] = entries.get(i).version().bits();
        }
    }

    /** These and more. */
    ByVersion with(Map<Version, Operation> more) {
        List<Entry> all = new ArrayList<>(entries);
        more.forEach((version, operation) -> all.add(new Entry(version, operation)));
        return new ByVersion(all);
    }

    @Nullable
    Operation get(Version version) {
        int at = first(version);
        return isAt(at, version) ? entries.get(at).operation() : null;
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
        return isAt(at, version) ? at + 1 : at;
    }

    private boolean isAt(int at, Version version) {
        return at < versions.length && versions[at] == version.bits();
    }

    /** Where those begin that are not older than {@code version}. */
    private int first(Version version) {
        int low = 0;
        int high = versions.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(version.bits(), versions[middle]) > 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
