package dev.holdfast.server.compat;

import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.replication.Store.Reason;
import dev.holdfast.engine.replication.Store.Refusal;
import dev.holdfast.server.api.Doorway;
import dev.holdfast.server.http.Call;

/**
 * A request that is not done, as Workers KV would say it: the status for both doors, the code for REST v4, the text for both.
 *
 * <p>What the store cannot do now is 503 with {@code Retry-After}; what it may or may not have done is 504. Clients that retry
 * treat both alike, and every write they send can be repeated; the difference is for people and logs. A full disk is 503 too: 507
 * would be truer, and is unknown to half of the clients.
 */
public final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;
    private final int code;
    private final int retrySeconds;

    public Refused(int status, int code, String text) {
        this(status, code, text, 1);
    }

    private Refused(int status, int code, String text, int retrySeconds) {
        super(text, null, false, false);
        this.status = status;
        this.code = code;
        this.retrySeconds = retrySeconds;
    }

    /** The store says no, and nothing has happened. */
    public static Refused unavailable(Refusal why) {
        if (why.reason() == Reason.QUOTA) {
            return new Refused(429, Codes.QUOTA, why.sentence(), why.retrySeconds());
        }
        return new Refused(
                503, Codes.UNAVAILABLE, "service temporarily unavailable: " + why.sentence(), why.retrySeconds());
    }

    /** Refuses what is asked of a namespace whose gate is closed. */
    public static void unlessOpen(Doorway doorway, Call call, Namespace namespace) throws Refused {
        Refusal refusal = doorway.enter(call, namespace);
        if (refusal != null) {
            throw unavailable(refusal);
        }
    }

    /** The store cannot say whether it has happened. */
    public static Refused unknown(Refusal why) {
        return new Refused(
                504,
                Codes.UNAVAILABLE,
                "service temporarily unavailable: the write may or may not have happened: " + why.sentence());
    }

    public static Refused bad(int code, String text) {
        return new Refused(400, code, text);
    }

    /** Whether it can be told at once, on the thread of the connection: who asks too often must not cost more than who does not. */
    public boolean cheap() {
        return code == Codes.QUOTA;
    }

    public int status() {
        return status;
    }

    public int code() {
        return code;
    }

    public String text() {
        return String.valueOf(getMessage());
    }

    /** Tells clients that honour it when to come again. */
    public void retryAfter(Call call) {
        if (status == 429 || status == 503 || status == 504) {
            call.answerHeader("Retry-After", Integer.toString(retrySeconds));
        }
    }
}
