package dev.holdfast.simulation.recovery;

import dev.holdfast.engine.replication.KeyRef;

/** An answer of some age is not older than what had been acknowledged that long before (promise P3). */
final class NoOlderThanItSays implements Check {
    /** What a feed holds back while an earlier write is under way, which takes five seconds at most. */
    private static final long HELD_NANOS = 6_000_000_000L;

    private final Journal journal;
    private long reads;
    private long older;
    private long oldestNanos;

    NoOlderThanItSays(Journal journal) {
        this.journal = journal;
    }

    @Override
    public void read(KeyRef ref, long beganNanos, Got got) {
        if (!(got instanceof Got.Value value) || !journal.judged(ref)) {
            return;
        }
        reads++;
        oldestNanos = Math.max(oldestNanos, value.ageNanos());
        older += value.number() < journal.newest(ref, beganNanos - value.ageNanos() - HELD_NANOS) ? 1 : 0;
    }

    @Override
    public Finding judge() {
        return new Finding(
                "no answer is older than it says",
                older == 0 && reads > 0,
                older == 0
                        ? "Of " + Words.count(reads, "answer") + " none; the oldest said that it was of "
                                + oldestNanos / 1_000_000_000 + " s before."
                        : Words.count(older, "answer") + " of " + Words.count(reads, "")
                                + " were older than a write that had been acknowledged, and did not say so.");
    }
}
