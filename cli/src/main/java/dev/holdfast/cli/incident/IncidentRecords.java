package dev.holdfast.cli.incident;

import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import dev.holdfast.engine.incident.Alarm;
import dev.holdfast.engine.incident.AlarmKind;
import dev.holdfast.engine.incident.Impact;
import dev.holdfast.engine.incident.Incident;
import dev.holdfast.engine.incident.Sample;
import dev.holdfast.engine.incident.Sample.Flow;
import dev.holdfast.engine.incident.Sample.ProviderPoint;
import dev.holdfast.engine.incident.Severity;
import dev.holdfast.engine.incident.TimelineEntry;
import dev.holdfast.engine.incident.report.CaseFile;
import dev.holdfast.engine.incident.report.CaseFile.Affected;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** Incidents as the admin API answers them, read back. */
public final class IncidentRecords {
    private IncidentRecords() {}

    /** @throws Failure when it has something that this version does not know */
    public static Incident incident(JsonNode form) {
        return new Incident(
                Json.text(form, "id", ""),
                Json.text(form, "cause", ""),
                Json.text(form, "title", ""),
                severity(form, "severity"),
                severity(form, "worst"),
                number(form, "opened_at"),
                number(form, "changed_at"),
                number(form, "closed_at"),
                (int) number(form, "reopened"),
                list(form, "alarms", IncidentRecords::alarm),
                list(form, "impact", IncidentRecords::impact));
    }

    /** The oldest first; empty in a form that has none. */
    static List<TimelineEntry> timeline(JsonNode form) {
        return list(form, "timeline", IncidentRecords::entry);
    }

    /**
     * All that there is of one.
     *
     * @param node what it is called here
     * @param readAt when the node was asked, in milliseconds since the Unix epoch
     */
    public static CaseFile file(String node, JsonNode form, String version, long readAt) {
        Map<String, Affected> named = new LinkedHashMap<>();
        for (JsonNode each : form.path("impact")) {
            String title = Json.text(each, "title", "");
            if (!title.isEmpty()) {
                // Which others need it is in the report of the node.
                named.put(Json.text(each, "namespace", ""), new Affected(title, List.of()));
            }
        }
        return new CaseFile(
                incident(form),
                timeline(form),
                list(form, "series", IncidentRecords::sample),
                named,
                node,
                version,
                readAt);
    }

    private static Alarm alarm(JsonNode form) {
        return new Alarm(
                known(AlarmKind.class, Json.text(form, "kind", "").toUpperCase(Locale.ROOT)),
                Json.text(form, "subject", ""),
                Json.text(form, "evidence", ""),
                number(form, "since"),
                number(form, "until"));
    }

    private static Impact impact(JsonNode form) {
        return new Impact(
                Json.text(form, "namespace", ""),
                (int) number(form, "tier"),
                number(form, "requests"),
                number(form, "refused"),
                number(form, "stale"),
                number(form, "slow"),
                form.path("worst_share").asDouble(0));
    }

    private static TimelineEntry entry(JsonNode form) {
        return new TimelineEntry(
                number(form, "at"),
                Json.text(form, "who", ""),
                known(TimelineEntry.Kind.class, Json.text(form, "kind", "").toUpperCase(Locale.ROOT)),
                Json.text(form, "what", ""));
    }

    private static Sample sample(JsonNode form) {
        return new Sample(
                number(form, "at"),
                (int) number(form, "seconds"),
                list(form, "tiers", IncidentRecords::flow),
                list(form, "namespaces", IncidentRecords::flow),
                list(
                        form,
                        "providers",
                        each -> new ProviderPoint(
                                Json.text(each, "name", ""),
                                Json.text(each, "state", ""),
                                number(each, "hints"),
                                number(each, "faults"),
                                number(each, "read_us"))),
                number(form, "hints"),
                number(form, "oldest_hint_age_ms"),
                number(form, "divergent"));
    }

    private static Flow flow(JsonNode form) {
        return new Flow(
                Json.text(form, "namespace", ""),
                (int) number(form, "tier"),
                number(form, "requests"),
                number(form, "refused"),
                number(form, "stale"),
                number(form, "slow"),
                number(form, "p99_us"));
    }

    private static Severity severity(JsonNode form, String member) {
        return known(Severity.class, Json.text(form, member, ""));
    }

    private static <E extends Enum<E>> E known(Class<E> all, String name) {
        try {
            return Enum.valueOf(all, name);
        } catch (IllegalArgumentException unknown) {
            throw new Failure(
                    Failure.FAILED,
                    "Its incidents have \"" + name.toLowerCase(Locale.ROOT)
                            + "\", which this version of the command does not know.",
                    unknown);
        }
    }

    private static long number(JsonNode form, String member) {
        return form.path(member).asLong(0);
    }

    private static <T> List<T> list(JsonNode form, String member, Function<JsonNode, T> each) {
        return form.path(member).valueStream().map(each).toList();
    }
}
