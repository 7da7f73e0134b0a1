package dev.holdfast.simulation.history;

import dev.holdfast.engine.edge.CacheStatus;
import dev.holdfast.engine.edge.NearAnswer;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.replication.Point;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Freshness;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A read that may be answered from near, or through an edge, and what it came to.
 *
 * @param place who was called
 * @param at what kind of place that is
 * @param ttlNanos for how long an answer is good enough
 * @param session how far the client has come, as it said
 * @param answer null when the place died before it answered
 * @param last whether all had been well for long, and nobody wrote any more
 * @param troubles how many failure domains were in trouble at the worst moment since what it answers was known to be the newest
 */
public record NearRead(
        String client,
        String place,
        At at,
        Key key,
        long ttlNanos,
        List<Point> session,
        @Nullable NearAnswer answer,
        boolean last,
        int begin,
        int end,
        long beginNanos,
        long endNanos,
        int troubles) {

    /** By how much an origin's answer may be older than it says, since the native API gives ages in whole seconds. */
    public static final long ROUNDED_NANOS = 1_000_000_000L;

    /** Where something is kept near. */
    public enum At {
        ORIGIN,
        EDGE,
        /** An edge that asks edges. */
        FAR_EDGE,
        /** The client of an application. */
        CLIENT,
        /** One that follows the changes. */
        FOLLOWING_CLIENT
    }

    public NearRead {
        session = List.copyOf(session);
    }

    /** Of an answer; null for none. */
    public @Nullable Freshness freshness() {
        return answer == null
                ? null
                : switch (answer.answer()) {
                    case Answer.Found(Record _, Freshness freshness) -> freshness;
                    case Answer.Missing(var _, Freshness freshness) -> freshness;
                    case Answer.Unavailable _ -> null;
                };
    }

    /** Whether it is an edge that was called. */
    public boolean edge() {
        return at == At.EDGE || at == At.FAR_EDGE;
    }

    /** Whether it is the client of an application that was called. */
    public boolean atClient() {
        return at == At.CLIENT || at == At.FOLLOWING_CLIENT;
    }

    /** Whether somebody vouches for the answer. */
    public boolean confirmed() {
        Freshness freshness = freshness();
        return freshness != null && freshness.confirmed();
    }

    public boolean is(CacheStatus status) {
        return answer != null && answer.status() == status;
    }

    @Override
    public String toString() {
        return Millis.inColumn(beginNanos) + "  " + client + " " + place + " NEAR " + key
                + (session.isEmpty() ? "" : " seen " + session)
                + " -> " + words() + "  (" + Millis.of(endNanos - beginNanos) + ")";
    }

    private String words() {
        if (answer == null) {
            return "lost: it died";
        }
        String how = answer.status() + " of " + answer.ageMillis() + " ms ago: ";
        return how
                + switch (answer.answer()) {
                    case Answer.Found(Record record, Freshness freshness) ->
                        new String(record.value(), StandardCharsets.UTF_8) + " @" + record.version() + " " + freshness;
                    case Answer other -> other.toString();
                };
    }
}
