package dev.holdfast.server.main;

import dev.holdfast.engine.admission.RampEvent;
import dev.holdfast.server.audit.AuditEntry;
import dev.holdfast.server.audit.AuditEntry.Action;
import dev.holdfast.server.audit.AuditLog;
import java.util.function.Consumer;

/** Notes what a ramp has changed by itself; what people want of it is noted where they say so. */
record RampAudit(AuditLog audit) implements Consumer<RampEvent> {
    @Override
    public void accept(RampEvent event) {
        if (!event.by().isEmpty()) {
            return;
        }
        switch (event.kind()) {
            case STEP, BACK, DONE ->
                audit.write(new AuditEntry("", "", Action.RAMP_STEP, event.sentence(), AuditEntry.DONE));
            case BEGUN, HOLD, CALM, PAUSED, RESUMED, SKIPPED, OVERRIDDEN, BY_HAND, RESTARTED, ABORTED -> {}
        }
    }
}
