package dev.holdfast.cli.moving;

import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.http.Reply;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * A comparison of all providers that a node is asked for: one that begins after the request, since a pass that is under way may have
 * gone by the keys already. For one thread.
 */
public final class Comparison {
    /** How many passes may begin before what they compare is no news any more: each may fail where the one before did. */
    private static final int MOST_PASSES = 20;

    private final Api control;
    private final Function<Reply, JsonNode> answered;
    /** The first pass that begins after the request; 0 before it. */
    private long asked;

    private int passes;
    private JsonNode now = Json.object();

    /** @param answered takes what the node answers, or says why it cannot be taken */
    public Comparison(Api control, Function<Reply, JsonNode> answered) {
        this.control = control;
        this.answered = answered;
    }

    /** Asks the node how far it is; for the comparison itself the first time, and again when it has been started again since. */
    public void look() {
        JsonNode before = now;
        if (asked > 0) {
            now = answered.apply(control.get("/v1/compare"));
        }
        // A pass that was asked for begins at once, unless another one is under way.
        if (now.path("next").asLong(0) <= asked && !running()) {
            now = answered.apply(control.send("POST", "/v1/compare", Json.object()));
            asked = now.path("next").asLong(0);
        }
        if (!now.at("/pass/begun_at").equals(before.at("/pass/begun_at"))) {
            passes++;
        }
    }

    /** Whether all has been compared since the request. */
    public boolean over() {
        return asked > 0 && now.path("completed").asLong(0) >= asked;
    }

    /** Whether a pass is under way, or what follows from it. */
    public boolean running() {
        return now.path("running").asBoolean(false);
    }

    /** How many keys the pass under way or the last one has compared. */
    public long compared() {
        return now.at("/pass/compared").asLong(0);
    }

    /** What the node has said last. */
    public JsonNode said() {
        return now;
    }

    /** How far it is; the same again when it is not on the way to its end. */
    String sentence() {
        return passes > MOST_PASSES ? "no pass comes to its end" : compared() + " keys have been compared";
    }
}
