package dev.holdfast.cli.command;

import dev.holdfast.cli.Table;
import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Json;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
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
        List<String> names = new ArrayList<>();
        incident.path("impact").forEach(each -> names.add(named(each)));
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
        text.append("Incident ").append(Json.text(incident, "id", "?")).append(": ");
        text.append(Words.visible(Json.text(incident, "title", ""))).append(".\n");
        text.append(open(incident) ? "Open, " : "Closed, ").append(severity(incident));
        text.append(open(incident) ? ", since " : " at its worst, from ");
        text.append(stamp(incident.path("opened_at").asLong(0)));
        if (!open(incident)) {
            text.append(" to ").append(stamp(incident.path("closed_at").asLong(0)));
        }
        text.append(" UTC (").append(Words.duration(millis(incident))).append(").\n");
        alarms(text, incident);
        impact(text, incident);
        timeline(text, incident);
        return text.toString();
    }

    private static void alarms(StringBuilder text, JsonNode incident) {
        Table table = new Table("ALARM", "SINCE", "UNTIL", "EVIDENCE");
        for (JsonNode alarm : incident.path("alarms")) {
            table.row(
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
        Table table = new Table("NAMESPACE", "TIER", "REQUESTS", "REFUSED", "STALE", "SLOW");
        for (JsonNode each : incident.path("impact")) {
            table.row(
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
        Table table = new Table("TIME (UTC)", "WHO", "WHAT");
        for (JsonNode entry : incident.path("timeline")) {
            table.row(
                    stamp(entry.path("at").asLong(0)),
                    Words.visible(Json.text(entry, "who", "")),
                    Words.visible(Json.text(entry, "what", "")));
        }
        text.append('\n').append(table);
    }
}
