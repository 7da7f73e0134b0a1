package dev.holdfast.simulation.check;

import dev.holdfast.engine.kv.Version;
import java.util.ArrayList;
import java.util.List;

/** The newest version by time, so that one can ask what was known some time ago. */
final class Past {
    private record Known(long nanos, Version version) {}

    private final List<Known> byTime = new ArrayList<>();

    /** Not at an earlier time than the one before. */
    void add(long nanos, Version version) {
        if (byTime.isEmpty() || version.newerThan(byTime.getLast().version)) {
            byTime.add(new Known(nanos, version));
        }
    }

    Version at(long nanos) {
        int low = 0;
        int high = byTime.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (byTime.get(middle).nanos <= nanos) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == 0 ? Version.NONE : byTime.get(low - 1).version;
    }
}
