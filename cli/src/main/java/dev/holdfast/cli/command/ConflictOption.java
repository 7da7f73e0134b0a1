package dev.holdfast.cli.command;

import java.util.Locale;
import picocli.CommandLine.Option;

/** {@code --on-conflict}. */
final class ConflictOption {
    /** What becomes of a key that is there. */
    enum OnConflict {
        OVERWRITE,
        SKIP,
        NEWER
    }

    @Option(
            names = "--on-conflict",
            paramLabel = "overwrite|skip|newer",
            description = "What becomes of a key that exists: overwritten (the default), left alone, or overwritten if"
                    + " the version of the line is newer.")
    private OnConflict onConflict = OnConflict.OVERWRITE;

    String word() {
        return onConflict.name().toLowerCase(Locale.ROOT);
    }
}
