package dev.holdfast.server.workerskv;

import org.jspecify.annotations.Nullable;

/** Why Workers KV did not give what it was asked for. None of these says anything about a key. */
public final class WorkersKvFault extends Exception {
    private static final long serialVersionUID = 1;

    public enum Kind {
        /** The token is none, has expired, or does not allow this. */
        DENIED,
        /** There is no such namespace or account. */
        NO_NAMESPACE,
        /** A cursor that it does not know any more. */
        BAD_CURSOR,
        /** Too many requests, of this account or of all. */
        BUSY,
        /** Not reached, too late, or broken. */
        AWAY,
        /** More in one answer than it gives. */
        TOO_LARGE,
        /** An answer that is none of those it has been known to give. */
        STRANGE
    }

    private final Kind kind;
    private final long retrySeconds;

    WorkersKvFault(Kind kind, String sentence) {
        this(kind, sentence, 0, null);
    }

    /** @param retrySeconds after how long to try again, in its own words; 0 when it has not said */
    WorkersKvFault(Kind kind, String sentence, long retrySeconds, @Nullable Throwable cause) {
        super(sentence, cause);
        this.kind = kind;
        this.retrySeconds = retrySeconds;
    }

    public Kind kind() {
        return kind;
    }

    public long retrySeconds() {
        return retrySeconds;
    }

    /** Whether the same request may be answered later. */
    public boolean passes() {
        return kind == Kind.BUSY || kind == Kind.AWAY;
    }
}
