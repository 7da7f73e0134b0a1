package dev.holdfast.cli.moving;

import dev.holdfast.cli.moving.NodeAt.Seen;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is known of those that come from being asked beside the others. Time counts only while they lack nothing, since a node counts no
 * answer of one that does; under a load somebody is late now and then, and has what it missed a moment later. For one thread.
 */
final class ShadowReads {
    private final long window;
    private List<Seen> last;
    private long lastNanos;
    private long counted;
    private long reads;
    private long disagreed;
    private int begun = 1;

    /**
     * @param window how long they are to be asked without a disagreement
     * @param first what every node says of those that come
     * @param nanos when it said that
     */
    ShadowReads(Duration window, List<Seen> first, long nanos) {
        this.window = window.toNanos();
        this.last = first;
        this.lastNanos = nanos;
    }

    /** Adds what every node says now; it begins anew when one of them was started again, since that has forgotten its counts. */
    void add(List<Seen> now, long nanos) {
        long moreReads = reads(now) - reads(last);
        long moreDisagreed = disagreed(now) - disagreed(last);
        if (moreReads < 0 || moreDisagreed < 0 || now.size() != last.size()) {
            counted = 0;
            reads = 0;
            disagreed = 0;
            begun++;
        } else {
            reads += moreReads;
            disagreed += moreDisagreed;
            counted += whole(last) && whole(now) ? nanos - lastNanos : 0;
        }
        last = now;
        lastNanos = nanos;
    }

    /** Whether they have been asked for long enough, or would have answered something older. */
    boolean over() {
        return disagreed > 0 || counted >= window;
    }

    long reads() {
        return reads;
    }

    /** Those of the reads that would have been older. */
    long disagreed() {
        return disagreed;
    }

    Duration counted() {
        return Duration.ofNanos(counted);
    }

    /** How far it is, for a person; never twice the same while it goes on. */
    String sentence() {
        String lacking = last.stream()
                .filter(seen -> !seen.lacksNothing())
                .map(Seen::standing)
                .collect(Collectors.joining("; "));
        return counted / 1_000_000 + " ms of " + window / 1_000_000 + (begun > 1 ? ", begun " + begun + " times" : "")
                + (lacking.isEmpty() ? "" : "; " + lacking);
    }

    private static boolean whole(List<Seen> seen) {
        return seen.stream().allMatch(Seen::lacksNothing);
    }

    private static long reads(List<Seen> seen) {
        return seen.stream().mapToLong(Seen::shadowed).sum();
    }

    private static long disagreed(List<Seen> seen) {
        return seen.stream().mapToLong(Seen::disagreed).sum();
    }
}
