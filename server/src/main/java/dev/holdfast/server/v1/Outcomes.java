package dev.holdfast.server.v1;

import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Freshness;
import dev.holdfast.engine.replication.Store.Refusal;
import dev.holdfast.engine.replication.Store.Written;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.api.Json;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the store says, in the words of the native door. */
final class Outcomes {
    private Outcomes() {}

    /** Nothing has happened; 503, or 429 over a quota, with the reason as the code. */
    static ApiError refused(Refusal why) {
        return why.reason() == Store.Reason.QUOTA
                ? ApiError.tooMany(code(why.reason()), why.sentence(), why.retrySeconds())
                : ApiError.unavailable(code(why.reason()), why.sentence(), why.retrySeconds());
    }

    /** The one outcome after which a client must look before it writes again. */
    static ApiError unknown(Refusal why) {
        return new ApiError(504, "unknown", "The write may or may not have happened: " + why.sentence());
    }

    static ApiError conditionFailed(Written.ConditionFailed failed) {
        String current = failed.current() == null ? null : failed.current().toString();
        String sentence = current == null
                ? "The condition does not hold: the key has no value."
                : "The condition does not hold: the key is at version " + current + ".";
        return new ApiError(412, "condition-failed", sentence, Json.object().put("current", current));
    }

    static ObjectNode receipt(Store.Receipt receipt) {
        ObjectNode body = Json.object().put("version", receipt.version().toString());
        ArrayNode homes = body.putArray("homes");
        receipt.homes().forEach(homes::add);
        ArrayNode hinted = body.putArray("hinted");
        receipt.hinted().forEach(hinted::add);
        return body.put("domains", receipt.domains()).put("short", receipt.shortOf());
    }

    static ObjectNode answer(Answer answer) {
        return switch (answer) {
            case Answer.Found found ->
                freshness(
                        Json.object()
                                .put("kind", "found")
                                .put("version", found.record().version().toString()),
                        found.freshness());
            case Answer.Missing missing -> freshness(Json.object().put("kind", "missing"), missing.freshness());
            case Answer.Unavailable unavailable ->
                Json.object()
                        .put("kind", "unavailable")
                        .put("code", code(unavailable.why().reason()))
                        .put("sentence", unavailable.why().sentence());
        };
    }

    private static ObjectNode freshness(ObjectNode body, Freshness freshness) {
        return body.put("source", freshness.source())
                .put("confirmed", freshness.confirmed())
                .put("note", freshness.note());
    }

    static String code(Store.Reason reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
