package dev.holdfast.server.api;

import dev.holdfast.engine.edge.CacheStatus;
import dev.holdfast.engine.edge.NearAnswer;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.server.http.Call;
import dev.holdfast.server.http.FixedHeader;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** How fresh an answer is, in the headers that every door gives. */
public final class NearHeaders {
    public static final String SOURCE = "Holdfast-Source";
    public static final String CONFIRMED = "Holdfast-Confirmed";
    public static final String CACHE_STATUS = "CF-Cache-Status";
    /** The age to the millisecond, for other nodes, which go on counting. */
    public static final String AGE_MILLIS = "Holdfast-Age-Millis";

    private static final FixedHeader MADE_NOW = new FixedHeader("Age", "0");
    private static final FixedHeader FROM_MEMORY = new FixedHeader(SOURCE, "memory");
    private static final FixedHeader IS_CONFIRMED = new FixedHeader(CONFIRMED, "true");
    private static final FixedHeader IS_NOT_CONFIRMED = new FixedHeader(CONFIRMED, "false");
    private static final Map<CacheStatus, FixedHeader> STATUSES = new EnumMap<>(CacheStatus.class);

    static {
        for (CacheStatus status : CacheStatus.values()) {
            STATUSES.put(status, new FixedHeader(CACHE_STATUS, status.name()));
        }
    }

    private NearHeaders() {}

    /** Age, source and how the cache came by the answer. */
    public static void describe(Call call, NearAnswer near) {
        call.answerHeader(Objects.requireNonNull(STATUSES.get(near.status())));
        if (near.ageMillis() < 1000) {
            call.answerHeader(MADE_NOW);
        } else {
            call.answerHeader("Age", Long.toString(near.ageMillis() / 1000));
        }
        if (near.answer() instanceof Answer.Found found) {
            String source = found.freshness().source();
            if (source.equals("memory")) {
                call.answerHeader(FROM_MEMORY);
            } else {
                call.answerHeader(SOURCE, source);
            }
            if (!found.freshness().confirmed()) {
                call.answerHeader(IS_NOT_CONFIRMED);
            }
        }
    }

    /** Whether somebody vouches for the answer now. */
    public static void confirmed(Call call, boolean confirmed) {
        call.answerHeader(confirmed ? IS_CONFIRMED : IS_NOT_CONFIRMED);
    }
}
