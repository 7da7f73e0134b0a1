package dev.holdfast.server.api;

import dev.holdfast.engine.edge.NearAnswer;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.server.http.Call;

/** How fresh an answer is, in the headers that every door gives. */
public final class NearHeaders {
    public static final String SOURCE = "Holdfast-Source";
    public static final String CONFIRMED = "Holdfast-Confirmed";
    public static final String CACHE_STATUS = "CF-Cache-Status";

    private NearHeaders() {}

    /** Age, source and how the cache came by the answer. */
    public static void describe(Call call, NearAnswer near) {
        call.answerHeader(CACHE_STATUS, near.status().name());
        call.answerHeader("Age", seconds(near.ageMillis()));
        if (near.answer() instanceof Answer.Found found) {
            call.answerHeader(SOURCE, found.freshness().source());
            if (!found.freshness().confirmed()) {
                call.answerHeader(CONFIRMED, "false");
            }
        }
    }

    private static String seconds(long millis) {
        return millis < 1000 ? "0" : Long.toString(millis / 1000);
    }
}
