package dev.holdfast.simulation.recovery;

import java.util.function.LongFunction;
import java.util.stream.Collectors;

/** Plays a small recovery and says which checks are broken. Loaded anew for each mutant, so that what it plays is the mutant. */
public final class RecoveryHunt implements LongFunction<String> {
    private final String replay;
    private final String arm;

    public RecoveryHunt(String replay, String arm) {
        this.replay = replay;
        this.arm = arm;
    }

    @Override
    public String apply(long unused) {
        return SmallRecoveries.play(replay, arm).findings().stream()
                .filter(finding -> !finding.kept())
                .map(finding -> finding.check() + ": " + finding.words())
                .collect(Collectors.joining("\n"));
    }
}
