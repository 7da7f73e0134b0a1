package dev.holdfast.cli.http;

import org.jspecify.annotations.Nullable;

/** Why a command did not do what it was asked: sentences for a person, and the exit code for a script. */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** It was tried and failed. */
    public static final int FAILED = 1;

    /** The command line asks for something that cannot be. */
    public static final int USAGE = 2;

    /** No server answers. */
    public static final int NOT_REACHABLE = 3;

    private final int exitCode;

    public Failure(int exitCode, String message) {
        this(exitCode, message, null);
    }

    public Failure(int exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
