package dev.holdfast.server.config;

import java.util.List;

/** What the server writes to standard error, and the audit log beside it. */
public record Logging(Level level, Format format, Size auditSize, int auditFiles) {

    /** How much is written. */
    public enum Level {
        ERROR,
        WARN,
        INFO,
        DEBUG
    }

    /** How a line looks. */
    public enum Format {
        TEXT,
        JSON
    }

    static final Setting<Level> LEVEL = new Setting<>(
            "log.level", Type.oneOf(Level.class), "info", "The least urgent lines that are written to standard error.");
    static final Setting<Format> FORMAT = new Setting<>(
            "log.format", Type.oneOf(Format.class), "text", "Lines for people, or one JSON object a line.");
    static final Setting<Size> AUDIT_SIZE = new Setting<>(
            "audit.size",
            Type.size(new Size(64 << 10), new Size(1L << 40)),
            "16MiB",
            "How large the audit log may grow before a new file is begun.");
    static final Setting<Integer> AUDIT_FILES = new Setting<>(
            "audit.files", Type.number(1, 1_000), "8", "How many earlier files of the audit log are kept.");
    static final List<Setting<?>> SETTINGS = List.of(LEVEL, FORMAT, AUDIT_SIZE, AUDIT_FILES);

    static Logging from(Values values) {
        return new Logging(values.get(LEVEL), values.get(FORMAT), values.get(AUDIT_SIZE), values.get(AUDIT_FILES));
    }
}
