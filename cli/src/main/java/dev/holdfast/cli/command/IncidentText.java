package dev.holdfast.cli.command;

import dev.holdfast.cli.Table;
import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Json;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** An incident as it is shown on a terminal. Times are UTC: people in several places look at the same incident. */
final class IncidentText {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);
    private static final int MOST_NAMED = 3;

    private IncidentText() {}

    static String stamp(long millis) {
        return STAMP.format(Instant.ofEpochMilli(millis));
    }

    static boolean open(JsonNode incident) {
        return !incident.path("closed_at").isNumber();
    }

    /** How long it is or was open. */
    static long millis(JsonNode incident) {
        long until = open(incident)
                ? System.currentTimeMillis()
                : incident.path("closed_at").asLong(0);
        return Math.max(0, until - incident.path("opened_at").asLong(0));
    }

    static String severity(JsonNode incident) {
        String now = Json.text(incident, "severity", "?");
        String worst = Json.text(incident, "worst", "?");
        if (!open(incident)) {
            return worst;
        }
        return now.equals(worst) ? now : now + " (was " + worst + ")";
    }

    static String hurt(JsonNode incident) {
        List<String> names = incident.path("impact")
                .valueStream()
                .map(IncidentText::named)
                .distinct()
                .toList();
        if (names.isEmpty()) {
            return "nobody";
        }
        String first = String.join(", ", names.subList(0, Math.min(MOST_NAMED, names.size())));
        return names.size() <= MOST_NAMED ? first : first + " and " + (names.size() - MOST_NAMED) + " more";
    }

    private static String named(JsonNode impact) {
        String title = Json.text(impact, "title", "");
        return title.isEmpty() ? Json.text(impact, "namespace", "?") : Words.visible(title);
    }

    static String all(JsonNode incident) {
        StringBuilder text = new StringBuilder();
        text.append("Incident ")
                .append(
                        incident.has("nodes")
                                ? "at " + Words.count(incident.path("nodes").size(), "node")
                                : Json.text(incident, "id", "?"))
                .append(": ");
        text.append(Words.visible(Json.text(incident, "title", ""))).append(".\n");
        text.append(open(incident) ? "Open, " : "Closed, ").append(severity(incident));
        text.append(open(incident) ? ", since " : " at its worst, from ");
        text.append(stamp(incident.path("opened_at").asLong(0)));
        if (!open(incident)) {
            text.append(" to ").append(stamp(incident.path("closed_at").asLong(0)));
        }
        text.append(" UTC (").append(Words.duration(millis(incident))).append(").\n");
        nodes(text, incident);
        alarms(text, incident);
        impact(text, incident);
        timeline(text, incident);
        return text.toString();
    }

    /** Each node has its own name for what is one thing. */
    private static void nodes(StringBuilder text, JsonNode incident) {
        if (!incident.has("nodes")) {
            return;
        }
        Table table = new Table("NODE", "ID", "SEVERITY", "STATE", "SINCE", "HURT");
        for (JsonNode each : incident.path("incidents")) {
            JsonNode own = each.path("incident");
            table.row(
                    Json.text(each, "node", ""),
                    Words.visible(Json.text(own, "id", "")),
                    severity(own),
                    open(own) ? "open" : "closed",
                    stamp(own.path("opened_at").asLong(0)),
                    hurt(own));
        }
        text.append('\n').append(table);
    }

    /** With a column for the node where it is said of which each row is. */
    private static Table table(JsonNode incident, String... heading) {
        return new Table(incident.has("nodes") ? before("NODE", heading) : heading);
    }

    private static void row(Table table, JsonNode each, String... cells) {
        table.row(each.has("node") ? before(Json.text(each, "node", ""), cells) : cells);
    }

    private static String[] before(String first, String... others) {
        return Stream.concat(Stream.of(first), Stream.of(others)).toArray(String[]::new);
    }

    private static void alarms(StringBuilder text, JsonNode incident) {
        Table table = table(incident, "ALARM", "SINCE", "UNTIL", "EVIDENCE");
        for (JsonNode alarm : incident.path("alarms")) {
            row(
                    table,
                    alarm,
                    Json.text(alarm, "kind", "?"),
                    stamp(alarm.path("since").asLong(0)),
                    alarm.path("until").isNumber() ? stamp(alarm.path("until").asLong(0)) : "-",
                    Words.visible(Json.text(alarm, "evidence", "")));
        }
        text.append('\n').append(table);
    }

    private static void impact(StringBuilder text, JsonNode incident) {
        if (incident.path("impact").isEmpty()) {
            text.append("\nNobody is or was hurt.\n");
            return;
        }
        Table table = table(incident, "NAMESPACE", "TIER", "REQUESTS", "REFUSED", "STALE", "SLOW");
        for (JsonNode each : incident.path("impact")) {
            row(
                    table,
                    each,
                    named(each),
                    each.path("tier").asString("-"),
                    each.path("requests").asString("0"),
                    each.path("refused").asString("0"),
                    each.path("stale").asString("0"),
                    each.path("slow").asString("0"));
        }
        text.append('\n').append(table);
    }

    private static void timeline(StringBuilder text, JsonNode incident) {
        Table table = table(incident, "TIME (UTC)", "WHO", "WHAT");
        for (JsonNode entry : incident.path("timeline")) {
            row(
                    table,
                    entry,
                    stamp(entry.path("at").asLong(0)),
                    Words.visible(Json.text(entry, "who", "")),
                    Words.visible(Json.text(entry, "what", "")));
        }
        text.append('\n').append(table);
    }
}
