package dev.holdfast.client;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a call has no answer. The kind says what is true of the key now: {@link Unavailable} and {@link Refused} have changed
 * nothing, {@link ConditionFailed} has changed nothing because somebody else has, and after {@link UnknownOutcome} the write
 * may have happened.
 */
public abstract sealed class HoldfastException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final String request;

    private HoldfastException(String message, String code, String request, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.request = request;
    }

    /** The server's word for it, such as {@code no-provider}; or {@code unreachable}, {@code late}, {@code broken}, {@code interrupted}. */
    public String code() {
        return code;
    }

    /** Under which the server's log knows the call; empty when it was not reached. */
    public String request() {
        return request;
    }

    /** Whether what was asked for may have happened, or may happen yet. */
    // Not by overriding. Of a thread that waits while the first exception of a kind is loaded, and is ended by it,
    // compiled code of JDK 25 may go on to call the only override that there was before.
    public final boolean mayHaveHappened() {
        return this instanceof UnknownOutcome;
    }

    /** Whether the same call again can only do what it would have done the first time. */
    public final boolean repeatIsSafe() {
        return !mayHaveHappened();
    }

    /** It can't be done now. Nothing has happened. */
    public static final class Unavailable extends HoldfastException {
        private static final long serialVersionUID = 1L;

        private final @Nullable Duration retryAfter;

        Unavailable(
                String message, String code, String request, @Nullable Duration retryAfter, @Nullable Throwable cause) {
            super(message, code, request, cause);
            this.retryAfter = retryAfter;
        }

        /** How long the server asks to wait. */
        public Optional<Duration> retryAfter() {
            return Optional.ofNullable(retryAfter);
        }
    }

    /** It is not allowed, or makes no sense to the server. Nothing has happened, and it would be refused again. */
    public static final class Refused extends HoldfastException {
        private static final long serialVersionUID = 1L;

        private final int status;

        Refused(String message, String code, String request, int status) {
            super(message, code, request, null);
            this.status = status;
        }

        /** The HTTP status. */
        public int status() {
            return status;
        }
    }

    /** The key is not as the condition wants it. Nothing has happened. */
    public static final class ConditionFailed extends HoldfastException {
        private static final long serialVersionUID = 1L;

        private final transient @Nullable Version current;

        ConditionFailed(String message, String code, String request, @Nullable Version current) {
            super(message, code, request, null);
            this.current = current;
        }

        /** At which version the key is; empty when there is none. */
        public Optional<Version> current() {
            return Optional.ofNullable(current);
        }
    }

    /**
     * Nobody can tell whether the write has happened, or will. The same write again overwrites whatever was written since:
     * read the key first, unless nobody else writes it.
     */
    public static final class UnknownOutcome extends HoldfastException {
        private static final long serialVersionUID = 1L;

        UnknownOutcome(String message, String code, String request, @Nullable Throwable cause) {
            super(message, code, request, cause);
        }
    }
}
