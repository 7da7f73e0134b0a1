package dev.holdfast.integration.faults;

import dev.holdfast.cli.drill.DrillResult;
import dev.holdfast.cli.http.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;

/** Results as a table of Markdown, for docs/faults.md, and as JSON. Latencies are in milliseconds. */
final class FaultTable {
    private static final String HEAD = """
        | fault | at | requests | failed | wrong | lost | reads p99 before | during | after | writes p99 before | during | after | hinted | noticed ms | current ms | equal ms |
        | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
        """;

    private FaultTable() {}

    /** The latencies of one kind of request. */
    interface Kind {
        DrillResult.Latency of(DrillResult.PhaseResult phase);
    }

    static long median(List<DrillResult> rounds, ToLongFunction<DrillResult> figure) {
        return rounds.stream().mapToLong(figure).sorted().toArray()[rounds.size() / 2];
    }

    static String line(DrillResult result) {
        return "| " + result.config().mode() + " | " + result.config().provider() + " | "
                + (result.ok() + result.failed()) + " | " + result.failed() + " | " + result.wrong() + " | "
                + result.lost() + p99(result, DrillResult.PhaseResult::reads)
                + p99(result, DrillResult.PhaseResult::writes) + " | " + result.writesHinted() + " | "
                + text(result.detectMillis()) + " | " + text(result.convergeMillis()) + " | "
                + text(result.equalMillis()) + " |";
    }

    private static String p99(DrillResult result, Kind kind) {
        return " | " + millis(kind.of(result.before())) + " | " + millis(kind.of(result.during())) + " | "
                + millis(kind.of(result.after()));
    }

    private static String millis(DrillResult.Latency latency) {
        return "%.1f".formatted(latency.p99Micros() / 1_000.0);
    }

    private static String text(@Nullable Long millis) {
        return millis == null ? "-" : millis.toString();
    }

    static void write(Path directory, List<DrillResult> results) throws IOException {
        StringBuilder table = new StringBuilder(HEAD);
        ArrayNode all = Json.array();
        for (DrillResult result : results) {
            table.append(line(result)).append('\n');
            all.add(Json.MAPPER.<tools.jackson.databind.JsonNode>valueToTree(result));
        }
        Files.writeString(directory.resolve("faults.md"), table);
        Files.write(directory.resolve("faults.json"), Json.MAPPER.writeValueAsBytes(all));
    }
}
