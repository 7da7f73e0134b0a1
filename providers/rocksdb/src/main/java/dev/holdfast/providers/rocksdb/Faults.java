package dev.holdfast.providers.rocksdb;

import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.ProviderFault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** What RocksDB and the file system say, in the engine's closed set of faults. */
final class Faults {
    private Faults() {}

    /** @param doing what was being done, for people: "reading from" */
    static ProviderFault of(String doing, Path directory, RocksDBException e) {
        String said = Objects.requireNonNullElse(e.getMessage(), "no message");
        if (heldByAnother(said)) {
            return new ProviderFault(
                    FaultKind.UNAVAILABLE,
                    "the database in " + directory + " is in use: another process, or this one, holds its file LOCK. "
                            + "One database belongs to one server; stop the other one or configure another directory",
                    e);
        }
        FaultKind kind = kind(e.getStatus(), said);
        String sentence = kind == FaultKind.DISK_FULL
                ? "no room left on the disk while " + doing + " the database in " + directory
                : doing + " the database in " + directory + " failed: " + said;
        return new ProviderFault(kind, sentence, e);
    }

    static ProviderFault of(String doing, Path directory, IOException e) {
        String said = Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
        return new ProviderFault(
                full(said) ? FaultKind.DISK_FULL : FaultKind.UNAVAILABLE,
                doing + " the database in " + directory + " failed: " + said,
                e);
    }

    private static FaultKind kind(@Nullable Status status, String said) {
        if (full(said) || (status != null && status.getSubCode() == Status.SubCode.NoSpace)) {
            return FaultKind.DISK_FULL;
        }
        if (status != null && status.getCode() == Status.Code.Corruption) {
            return FaultKind.CORRUPT;
        }
        if (status != null && status.getCode() == Status.Code.TimedOut) {
            return FaultKind.TIMEOUT;
        }
        return FaultKind.UNAVAILABLE;
    }

    private static boolean full(String said) {
        return said.contains("No space left") || said.contains("Disk quota exceeded");
    }

    /** Whether the database could not be opened because somebody else has it open. */
    static boolean inUse(ProviderFault fault) {
        return fault.getCause() instanceof RocksDBException e
                && heldByAnother(Objects.requireNonNullElse(e.getMessage(), ""));
    }

    private static boolean heldByAnother(String said) {
        return said.contains("While lock file") || said.contains("lock hold by current process");
    }
}
