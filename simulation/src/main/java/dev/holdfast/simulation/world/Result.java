package dev.holdfast.simulation.world;

import dev.holdfast.simulation.check.Violation;
import java.util.List;

/**
 * What a run came to.
 *
 * @param digest of everything that happened; the same seed gives the same
 * @param failure why the run could not go on; empty when it could
 */
public record Result(
        long seed,
        String digest,
        int operations,
        int faults,
        long steps,
        long nanos,
        String plan,
        List<Violation> violations,
        String failure) {

    public Result {
        violations = List.copyOf(violations);
    }

    public boolean passed() {
        return violations.isEmpty() && failure.isEmpty();
    }

    /** Everything that a person needs to begin looking. */
    public String report() {
        StringBuilder out = new StringBuilder("seed " + seed + " (digest " + digest + ")\n  plan: " + plan);
        if (!failure.isEmpty()) {
            out.append("\n  the run could not go on: ").append(failure);
        }
        violations.forEach(violation -> out.append("\n  ").append(violation));
        return out.toString();
    }
}
