package dev.holdfast.simulation.recovery;

import dev.holdfast.engine.replication.KeyRef;

/** Nobody is told that there is no such key while it has a value (promise P4). */
final class NoEmptyAnswer implements Check {
    private final Journal journal;
    private long reads;
    private long empty;

    NoEmptyAnswer(Journal journal) {
        this.journal = journal;
    }

    @Override
    public void read(KeyRef ref, long beganNanos, Got got) {
        if (journal.newest(ref, beganNanos) == 0) {
            return;
        }
        reads++;
        empty += got == Got.Nothing.ABSENT ? 1 : 0;
    }

    @Override
    public Finding judge() {
        return new Finding(
                "no empty answer is taken for the truth",
                empty == 0 && reads > 0,
                empty == 0
                        ? Words.count(reads, "read")
                                + " of keys that have a value, and none was told that there is none."
                        : Words.count(empty, "read") + " of keys that have a value were told that there is none.");
    }
}
