package dev.holdfast.cli.moving;

import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Json;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Says which keys lie in too few failure domains. */
public final class TooFew {
    private static final int SHOWN = 10;

    private TooFew() {}

    /** What a look for whether a provider can be spared has come to. */
    public static List<String> spared(Look look) {
        List<String> lines = new ArrayList<>();
        if (look.tooFew() > 0) {
            lines.addAll(sentences(look));
        } else if (look.unseen().isEmpty()) {
            lines.add("Without provider " + look.without() + ", all " + Words.count(look.keys(), "key")
                    + " lie in enough homes.");
        }
        if (!look.unseen().isEmpty()) {
            lines.add("Not read to the end: " + String.join(", ", look.unseen())
                    + ". Keys that lie only there were not counted.");
        } else if (!look.unanswered().isEmpty()) {
            lines.add(
                    "Provider " + look.without() + " itself could not be read to the end: what it alone held, if there"
                            + " is such a thing, goes with it.");
        }
        return lines;
    }

    /** A line for the whole and one for each of the first. */
    public static List<String> sentences(Look look) {
        List<String> lines = new ArrayList<>();
        lines.add((look.without().isEmpty() ? "" : "Without provider " + look.without() + ", ")
                + Words.count(look.tooFew(), "key") + " of " + look.keys()
                + (look.without().isEmpty() ? " lie" : " would lie")
                + " in fewer independent failure domains than wanted" + (look.tooFew() == 0 ? "." : ":"));
        for (JsonNode key : look.found().path("first")) {
            if (lines.size() <= SHOWN) {
                List<String> homes = new ArrayList<>();
                key.path("homes").forEach(home -> homes.add(home.asString("")));
                lines.add("  " + Words.visible(Json.text(key, "namespace", "?")) + " "
                        + Words.visible(Json.text(key, "key", "?")) + ": "
                        + key.path("domains").asLong(0) + " of "
                        + key.path("wanted").asLong(0) + ", at "
                        + (homes.isEmpty() ? "none" : String.join(", ", homes)));
            }
        }
        if (look.tooFew() > SHOWN) {
            lines.add("  and " + (look.tooFew() - SHOWN) + " more");
        }
        return lines;
    }
}
