package dev.holdfast.cli.command;

import dev.holdfast.cli.Progress;
import dev.holdfast.cli.Shell;
import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.moving.Look;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Has a node look at the homes of every key, with progress. */
final class Looking {
    private Looking() {}

    static Look at(Shell shell, Api control, Optional<String> without) {
        try (Progress progress = new Progress(shell, "Looking at every key", "keys", -1)) {
            return Look.take(control, without, progress::at);
        }
    }

    /** What the digests say: one line for all that are equal, or one for each provider. */
    static List<String> digests(Look look) {
        JsonNode digests = look.found().path("digests");
        List<String> different = digests.properties().stream()
                .map(one -> Json.text(one.getValue(), "digest", ""))
                .distinct()
                .toList();
        List<String> names = digests.properties().stream()
                .map(one -> Words.visible(one.getKey()))
                .toList();
        if (different.size() == 1) {
            return List.of(String.join(", ", names) + (names.size() == 1 ? " holds " : " hold the same ")
                    + Words.count(look.keys(), "key") + "; digest " + different.getFirst());
        }
        return digests.properties().stream()
                .map(one -> Words.visible(one.getKey()) + " holds "
                        + Words.count(one.getValue().path("keys").asLong(0), "key") + "; digest "
                        + Json.text(one.getValue(), "digest", ""))
                .toList();
    }

    static boolean equal(Look look) {
        return look.digests().values().stream().distinct().count() <= 1;
    }
}
