package dev.holdfast.simulation.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which failure domains are in trouble: from the moment a fault begins until the store has verified that all is well again. */
final class Troubles {
    private record Change(int at, long nanos, int domains) {}

    private final Set<String> troubled = new TreeSet<>();
    private final Set<String> harmed = new TreeSet<>();
    private final List<Change> changes = new ArrayList<>();

    void begin(int at, long nanos, String domain, boolean harmful) {
        troubled.add(domain);
        if (harmful) {
            harmed.add(domain);
        }
        changes.add(new Change(at, nanos, troubled.size()));
    }

    void end(int at, long nanos, String domain) {
        troubled.remove(domain);
        harmed.remove(domain);
        changes.add(new Change(at, nanos, troubled.size()));
    }

    boolean none() {
        return troubled.isEmpty();
    }

    /** Domains that may have lost what they held. */
    int harmed() {
        return harmed.size();
    }

    /** The most domains that were in trouble at once since place {@code begin} of the history. */
    int worstSince(int begin) {
        int worst = troubled.size();
        for (Change change : changes.reversed()) {
            worst = Math.max(worst, change.domains());
            if (change.at() < begin) {
                break;
            }
        }
        return worst;
    }

    /** The same since a time. */
    int worstSinceNanos(long begin) {
        int worst = troubled.size();
        for (Change change : changes.reversed()) {
            worst = Math.max(worst, change.domains());
            if (change.nanos() < begin) {
                break;
            }
        }
        return worst;
    }
}
