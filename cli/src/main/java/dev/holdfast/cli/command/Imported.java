package dev.holdfast.cli.command;

import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.portability.Importer.Counts;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Says what became of the lines of an import. */
record Imported(Counts counts, boolean dryRun, long nanos) {

    ObjectNode json() {
        return Json.object()
                .put("keys", counts.lines())
                .put("kept", counts.kept())
                .put("restamped", counts.restamped())
                .put("skipped", counts.skipped())
                .put("expired", counts.expired())
                .put("dry_run", dryRun)
                .put("seconds", millis() / 1_000.0);
    }

    String text() {
        List<String> parts = new ArrayList<>();
        part(parts, counts.kept(), dryRun ? "would keep their version" : "at the version they had");
        part(parts, counts.restamped(), dryRun ? "would get a new version" : "at a new version");
        part(parts, counts.skipped(), dryRun ? "would be left alone" : "left alone, since the key is there");
        part(parts, counts.expired(), "expired and not written");
        String what = Words.count(counts.lines(), "key") + (parts.isEmpty() ? "" : ": " + String.join(", ", parts));
        return dryRun
                ? what + ". Nothing was written."
                : what + "; in " + Words.duration(millis()) + " (" + counts.lines() * 1_000 / millis() + " a second).";
    }

    private long millis() {
        return Math.max(1, nanos / 1_000_000);
    }

    private static void part(List<String> parts, long number, String what) {
        if (number > 0) {
            parts.add(number + " " + what);
        }
    }
}
