package dev.holdfast.server.compat;

import dev.holdfast.engine.admission.Gates;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.Store.Refusal;
import dev.holdfast.server.http.Call;
import java.util.Optional;

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
        return new Refused(
                503, Codes.UNAVAILABLE, "service temporarily unavailable: " + why.sentence(), why.retrySeconds());
    }

    /** Refuses what is asked of a namespace whose gate is closed. */
    public static void ifClosed(Gates gates, NamespaceId namespace) throws Refused {
        Optional<Refusal> closed = gates.closed(namespace);
        if (closed.isPresent()) {
            throw unavailable(closed.get());
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
