package dev.holdfast.engine.incident;

import java.util.function.Consumer;

/** Scrubbing has found records that no home has whole: what was acknowledged is lost, unless somebody writes it again. */
final class DamageDetector implements Detector {
    @Override
    public void look(Observation now, Consumer<Finding> found) {
        long beyond = now.store().scrub().beyondRepair();
        if (beyond > 0) {
            found.accept(new Finding(
                    AlarmKind.DAMAGE,
                    "records",
                    "beyond repair",
                    beyond + (beyond == 1 ? " record is" : " records are")
                            + " damaged, and no other home has what they held; GET /v1/scrub lists them.",
                    Severity.P2));
        }
    }
}
