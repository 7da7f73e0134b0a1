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
