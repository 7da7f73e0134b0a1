package dev.holdfast.engine.incident;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Backups fail, or changes are not archived: nobody is hurt by it now, and somebody may be later. */
record BackupDetector(Supplier<Optional<String>> trouble) implements Detector {
    @Override
    public void look(Observation now, Consumer<Finding> found) {
        trouble.get()
                .ifPresent(why -> found.accept(new Finding(AlarmKind.BACKUP, "backup", "backup", why, Severity.P3)));
    }
}
