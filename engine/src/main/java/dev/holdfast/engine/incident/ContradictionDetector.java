package dev.holdfast.engine.incident;

import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.replication.CallKind;
import java.util.function.Consumer;

/**
 * A provider lies: a second look has shown, too, that it lacks or alters what it has acknowledged, or a record of it is damaged. One such
 * answer is enough. Where one provider is left and nobody outvotes it, what this node's cache knows does.
 */
final class ContradictionDetector implements Detector {
    private static final long HELD_NANOS = 10_000_000_000L;

    private static final int COUNT = 0;
    private static final int LOOKS = 1;
    private static final int OLD_LOOKS = 8;
    private static final int FEWEST_OLD = 5;

    private final Ring old = new Ring(250_000_000L, OLD_LOOKS + 1, 2);
    private final Held held = new Held(HELD_NANOS);

    @Override
    public void look(Observation now, Consumer<Finding> found) {
        for (ProviderDelta provider : now.providers()) {
            String name = provider.name();
            if (damaged(provider)) {
                held.found(
                        new Finding(
                                AlarmKind.CONTRADICTION,
                                name,
                                "damaged",
                                "Provider " + name + " gives damaged records."),
                        now.nanos());
            } else if (provider.contradicted() > 0) {
                String lie = provider.view().evidence().contradiction();
                held.found(
                        new Finding(
                                AlarmKind.CONTRADICTION,
                                name,
                                "lies",
                                "Provider " + name + " answers wrongly: " + lie + "."),
                        now.nanos());
            }
        }
        if (now.contradictions() > 0) {
            old.add(now.nanos(), COUNT, now.contradictions());
            old.add(now.nanos(), LOOKS, 1);
        }
        // One alone may have been overtaken by a write while this node stood still.
        if (old.sum(now.nanos(), OLD_LOOKS, COUNT) >= FEWEST_OLD && old.sum(now.nanos(), OLD_LOOKS, LOOKS) > 1) {
            held.found(
                    new Finding(
                            AlarmKind.CONTRADICTION,
                            "store",
                            "",
                            "Answers of the store are older than what this node's cache has of the same keys."),
                    now.nanos());
        }
        held.forEach(now.nanos(), found);
    }

    /** Whether it gave a damaged record to somebody; one that is tried may as well give back what is older than what it was just given. */
    private static boolean damaged(ProviderDelta provider) {
        return provider.calls().stream()
                .anyMatch(calls -> calls.kind() != CallKind.PROBE && calls.faults(FaultKind.CORRUPT) > 0);
    }
}
