package dev.holdfast.cli.moving;

import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.http.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A look that a node takes at the homes of every key.
 *
 * @param without a provider that was taken to be gone; empty for none
 * @param found as the node answers it
 */
public record Look(String without, long begunAt, JsonNode found) {
    private static final long POLL_MILLIS = 100;
    private static final long LATELY_MILLIS = 300_000;

    /** Begins one and waits for its end; one that is under way is waited for first. */
    public static Look take(Api control, Optional<String> without, LongConsumer seen) {
        ObjectNode body = Json.object();
        without.ifPresent(name -> body.put("without", name));
        Reply begun = control.send("POST", "/v1/homes", body);
        while (begun.status() == 409) {
            pause();
            begun = control.send("POST", "/v1/homes", body);
        }
        long begunAt = control.require(begun).json().path("begun_at").asLong(0);
        while (true) {
            JsonNode now = control.require(control.get("/v1/homes")).json();
            if (now.path("begun_at").asLong(0) != begunAt) {
                throw new Failure(
                        Failure.NOT_REACHABLE,
                        control.base() + " has begun another look at the homes of keys, or was started again.");
            }
            if (!now.path("running").asBoolean(false)) {
                return of(now).orElseThrow(() ->
                        new Failure(Failure.FAILED, "The homes of keys could not be counted; its log says why."));
            }
            seen.accept(now.path("seen").asLong(0));
            pause();
        }
    }

    /** The last one of the node, if it is of the last minutes. */
    public static Optional<Look> lately(Api control, Optional<String> without) {
        return of(control.require(control.get("/v1/homes")).json())
                .filter(look -> look.without.equals(without.orElse("")))
                .filter(look -> System.currentTimeMillis() - look.begunAt < LATELY_MILLIS);
    }

    private static Optional<Look> of(JsonNode answer) {
        JsonNode found = answer.path("found");
        return found.isObject() && !answer.path("running").asBoolean(false)
                ? Optional.of(new Look(
                        Json.text(answer, "without", ""),
                        answer.path("begun_at").asLong(0),
                        found))
                : Optional.empty();
    }

    public long keys() {
        return found.path("keys").asLong(0);
    }

    public long tookMillis() {
        return found.path("took_ms").asLong(0);
    }

    /** Keys in fewer independent failure domains than their namespaces want. */
    public long tooFew() {
        return found.path("short").asLong(0);
    }

    /** The digest of each provider that was read to the end. */
    public Map<String, String> digests() {
        Map<String, String> digests = new TreeMap<>();
        for (var one : found.path("digests").properties()) {
            digests.put(one.getKey(), Json.text(one.getValue(), "digest", ""));
        }
        return digests;
    }

    public List<String> unanswered() {
        List<String> names = new ArrayList<>();
        found.path("unanswered").forEach(name -> names.add(name.asString("")));
        return names;
    }

    /** Those of them that stay: keys that lie only there were not counted. */
    public List<String> unseen() {
        return unanswered().stream().filter(name -> !name.equals(without)).toList();
    }

    static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new Failure(Failure.FAILED, "Interrupted. What has been begun goes on at the nodes.", stopped);
        }
    }
}
