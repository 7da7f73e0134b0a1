package dev.holdfast.engine.incident;

import dev.holdfast.engine.replication.ComparisonPass;
import dev.holdfast.engine.replication.StoreStatus.ProviderView;
import java.util.function.Consumer;

/**
 * What the providers lack: writes that have waited for long, or are many, and keys that a comparison finds to differ though nobody was
 * known to lack anything. The first comparison after a start levels what the start left in the middle, and is not counted.
 */
final class BacklogDetector implements Detector {
    private static final long OLD_MILLIS = 300_000;
    private static final long MANY = 100_000;
    private static final long HELD_NANOS = 60_000_000_000L;

    private final Held held = new Held(HELD_NANOS);
    private long passBegan;
    private long divergent;

    @Override
    public void look(Observation now, Consumer<Finding> found) {
        for (ProviderView provider : now.store().providers()) {
            if (provider.oldestHintAgeMillis() > OLD_MILLIS || provider.hints() > MANY) {
                found.accept(new Finding(
                        AlarmKind.HINTS,
                        provider.name(),
                        "",
                        provider.hints() + " writes wait for provider " + provider.name() + ", the oldest for "
                                + provider.oldestHintAgeMillis() / 1_000 + " seconds."));
            }
        }
        ComparisonPass pass = now.comparing().pass();
        if (pass == null) {
            return;
        }
        if (pass.begunAt() != passBegan) {
            passBegan = pass.begunAt();
            divergent = 0;
        }
        if (pass.divergent() > divergent && now.comparing().completed() > 0) {
            held.found(
                    new Finding(
                            AlarmKind.DIVERGENCE,
                            "providers",
                            "",
                            "A comparison has found " + pass.divergent() + " keys to differ between "
                                    + String.join(" and ", pass.providers()) + "."),
                    now.nanos());
        }
        divergent = pass.divergent();
        held.forEach(now.nanos(), found);
    }
}
