package dev.holdfast.simulation.recovery;

import dev.holdfast.simulation.coldstart.Felt;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** What others need to start is back before what nobody waits for (promise P6). */
final class TierOrder implements Check {
    private final Felt felt;
    private final int tiers;
    private final int from;
    private final int to;

    TierOrder(Felt felt, int tiers, int from, int to) {
        this.felt = felt;
        this.tiers = tiers;
        this.from = from;
        this.to = to;
    }

    @Override
    public Finding judge() {
        List<String> said = new ArrayList<>();
        boolean ordered = true;
        int before = 0;
        int first = 0;
        for (int tier = 0; tier < tiers; tier++) {
            OptionalInt back = Back.after(felt, tier, from, to);
            int at = back.orElse(Integer.MAX_VALUE);
            // To within a point: one request more or less makes that difference.
            ordered &= at < Integer.MAX_VALUE && at + Back.STEP >= before;
            before = Math.max(at, before);
            first = tier == 0 ? at : first;
            said.add(back.isPresent() ? at + " s" : "never");
        }
        return new Finding(
                "tiers come back in their order",
                ordered && first < before,
                "Tiers 0 to " + (tiers - 1) + ": " + String.join(", ", said) + ".");
    }
}
