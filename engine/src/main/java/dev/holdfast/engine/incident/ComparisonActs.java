package dev.holdfast.engine.incident;

import dev.holdfast.engine.replication.ComparisonPass;
import dev.holdfast.engine.replication.ReplicatedStore.Comparing;
import java.util.List;
import java.util.function.Supplier;

/** What comparisons of the providers come to. */
final class ComparisonActs implements Acts {
    private final Supplier<Comparing> comparing;
    private long told;

    ComparisonActs(Supplier<Comparing> comparing) {
        this.comparing = comparing;
        ComparisonPass last = comparing.get().pass();
        this.told = last == null ? 0 : last.endedAt();
    }

    @Override
    public List<String> news() {
        ComparisonPass pass = comparing.get().pass();
        if (pass == null || pass.endedAt() == 0 || pass.endedAt() == told) {
            return List.of();
        }
        told = pass.endedAt();
        if (pass.complete() && pass.divergent() == 0 && pass.providers().size() > 1) {
            return List.of("A comparison of " + String.join(" and ", pass.providers()) + " has ended: all of "
                    + pass.compared() + " keys are the same.");
        }
        return List.of("A comparison of " + String.join(" and ", pass.providers()) + " has ended"
                + (pass.complete() ? "" : " before it was through") + ": " + pass.compared() + " keys compared, "
                + pass.divergent() + " differed, " + pass.repaired() + " were made the same.");
    }
}
