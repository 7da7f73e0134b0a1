package dev.holdfast.cli.moving;

import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.moving.NodeAt.Seen;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a move would take: the steps, and how long each would be if all goes as fast as what was seen.
 *
 * @param keys how many there are now
 * @param perSecond keys a second at which providers were last compared or looked at
 */
public record Prediction(long keys, long perSecond, List<Step> steps) {

    /** @param millis how long it would take at all nodes together */
    public record Step(String name, String what, long millis) {}

    /**
     * As far as it can be told before anything is added.
     *
     * @param providers of all nodes
     * @throws Failure when the move would leave fewer homes than a namespace wants, or names a provider that is not there
     */
    public static void requirePossible(Move move, List<Seen> providers, int durability) {
        List<String> names = providers.stream().map(Seen::name).distinct().toList();
        for (String name : move.from()) {
            if (!names.contains(name) && Collections.disjoint(names, move.to())) {
                throw new Failure(
                        Failure.FAILED,
                        "There is no provider \"" + name + "\"; there are " + String.join(", ", names) + ".");
            }
        }
        List<String> left = new ArrayList<>(move.to());
        providers.stream()
                .filter(Seen::serves)
                .map(Seen::name)
                .filter(name -> !move.from().contains(name) && !left.contains(name))
                .distinct()
                .forEach(left::add);
        if (left.size() < durability) {
            throw new Failure(
                    Failure.FAILED,
                    "Afterwards there would be " + Words.count(left.size(), "provider") + " (" + String.join(", ", left)
                            + "), and a namespace wants its keys in " + durability
                            + " independent failure domains. Add another with --to.");
        }
    }

    /** @param compared what {@code GET /v1/compare} answers: how fast the last pass was */
    public static Prediction of(Move move, int nodes, Look look, JsonNode compared) {
        long keys = look.keys();
        long perSecond = Math.max(1, rate(look, compared.path("pass")));
        long pass = keys * 1_000 / perSecond;
        String to = String.join(", ", move.to());
        String from = String.join(", ", move.from());
        List<Step> steps = new ArrayList<>();
        steps.add(
                new Step("add", to + " at " + Words.count(nodes, "node") + ": given every write from then on", 1_000));
        steps.add(new Step(
                "backfill",
                to + ": given all that the others hold",
                pass * move.to().size() * nodes));
        steps.add(new Step(
                "shadow",
                to + ": asked beside the others, no answer older",
                move.shadow().toMillis()));
        steps.add(new Step("verify", "the digests of all, by reading every key", look.tookMillis()));
        steps.add(new Step("promote", to + ": their word counts", 1_000));
        if (!move.from().isEmpty()) {
            steps.add(new Step("demote", from + ": their word counts no more", 1_000));
            steps.add(new Step(
                    "drain",
                    from + ": a look at every key whether it can be spared",
                    look.tookMillis() * move.from().size() * nodes));
            steps.add(new Step("remove", from + ": not used any more", 1_000));
        }
        return new Prediction(keys, perSecond, steps);
    }

    /** A pass that is too short to tell anything is left out. */
    private static long rate(Look look, JsonNode pass) {
        long took = pass.path("ended_at").asLong(0) - pass.path("begun_at").asLong(0);
        long compared = pass.path("compared").asLong(0);
        long seen = look.keys() * 1_000 / Math.max(1, look.tookMillis());
        return took > 0 && compared > 1_000 ? Math.min(seen, compared * 1_000 / took) : seen;
    }

    public long millis() {
        return steps.stream().mapToLong(Step::millis).sum();
    }

    public List<String> sentences() {
        List<String> lines = new ArrayList<>();
        lines.add(Words.count(keys, "key") + "; about " + perSecond + " a second, as seen last.");
        for (Step step : steps) {
            lines.add(String.format("%-9s %s (about %s)", step.name(), step.what(), Words.duration(step.millis())));
        }
        lines.add("In all about " + Words.duration(millis()) + "; a provider that is slower than those that are there"
                + " takes longer.");
        return lines;
    }

    public ObjectNode json() {
        ObjectNode body = Json.object().put("keys", keys).put("keys_per_second", perSecond);
        ArrayNode list = body.putArray("steps");
        steps.forEach(step -> list.addObject()
                .put("step", step.name())
                .put("what", step.what())
                .put("predicted_ms", step.millis()));
        return body.put("predicted_ms", millis());
    }
}
