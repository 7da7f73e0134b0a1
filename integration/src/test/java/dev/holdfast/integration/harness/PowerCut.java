package dev.holdfast.integration.harness;

import java.util.random.RandomGenerator;

/** What becomes of the changes of one file that no sync covers. */
@FunctionalInterface
public interface PowerCut {
    /** One file's fate. */
    enum Fate {
        /** It is as it was at its last sync. */
        GONE,
        /** The changes up to one of them have reached the disk, and that one in part. */
        TORN,
        /** Its length has reached the disk, what was appended has not: it ends in zeros. */
        ZEROED
    }

    Fate next();

    /** For {@link Fate#TORN}: from 0 on, below {@code bound}. */
    default long anyBelow(long bound) {
        return 0;
    }

    /** The worst for a store that does not sync: nothing unsynced is left. */
    static PowerCut total() {
        return () -> Fate.GONE;
    }

    /** A different fate for each file. */
    static PowerCut random(RandomGenerator random) {
        return new PowerCut() {
            @Override
            public Fate next() {
                return Fate.values()[random.nextInt(Fate.values().length)];
            }

            @Override
            public long anyBelow(long bound) {
                return random.nextLong(bound);
            }
        };
    }
}
