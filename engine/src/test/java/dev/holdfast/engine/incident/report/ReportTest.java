package dev.holdfast.engine.incident.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.incident.Alarm;
import dev.holdfast.engine.incident.AlarmKind;
import dev.holdfast.engine.incident.Impact;
import dev.holdfast.engine.incident.Incident;
import dev.holdfast.engine.incident.Sample;
import dev.holdfast.engine.incident.Sample.Flow;
import dev.holdfast.engine.incident.Sample.ProviderPoint;
import dev.holdfast.engine.incident.Severity;
import dev.holdfast.engine.incident.TimelineEntry;
import dev.holdfast.engine.incident.TimelineEntry.Kind;
import dev.holdfast.engine.incident.report.CaseFile.Affected;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {
    /** 26 November 2026, 17:45:02 UTC. */
    private static final long OPENED = 1_795_715_102_000L;

    private static final String NAMESPACE = "3fcf0698595ab1c99c55e7162384042e";
    private static final String EVIL = "<script>alert(1)</script> [x](http://evil) | *b* `c` \u202e\u0007\n# h";

    private static Alarm down(long until) {
        return new Alarm(AlarmKind.PROVIDER, "b", "Provider b is down: timeout: 3 calls were late.", OPENED, until);
    }

    private static TimelineEntry act(long second, String what) {
        return new TimelineEntry(OPENED + 1_000 * second, TimelineEntry.SYSTEM, Kind.ACT, what);
    }

    private static Incident incident(long closedAt, List<Alarm> alarms, List<Impact> impact) {
        Severity worst = impact.isEmpty() ? Severity.P4 : Severity.P0;
        return new Incident(
                "20261126-174502",
                "provider:b",
                "Provider b is down: timeout: 3 calls were late",
                Severity.P4,
                worst,
                OPENED,
                OPENED,
                closedAt,
                0,
                alarms,
                impact);
    }

    /** A second of 10 requests of tier 0. */
    private static Sample second(long second, String state, long refused, long hints) {
        return new Sample(
                OPENED + 1_000 * second,
                1,
                List.of(new Flow("", 0, 10, refused, 0, 0, refused > 0 ? 1_048_576 : 512)),
                List.of(),
                List.of(
                        new ProviderPoint("a", "current", 0, 0, 90),
                        new ProviderPoint("b", state, hints, state.equals("current") ? 0 : 1, 90)),
                hints,
                1_000 * hints,
                0);
    }

    private static List<Sample> series(long refusedASecond) {
        List<Sample> series = new ArrayList<>();
        for (int second = -60; second <= 90; second++) {
            boolean away = second > 0 && second <= 30;
            series.add(second(second, away ? "down" : "current", away ? refusedASecond : 0, away ? second : 0));
        }
        return series;
    }

    private static CaseFile file(Incident incident, List<TimelineEntry> timeline, List<Sample> series) {
        return new CaseFile(
                incident,
                timeline,
                series,
                Map.of(NAMESPACE, new Affected("sessions", List.of("checkout"))),
                "node1",
                "1.0",
                OPENED + 100_000);
    }

    private static String hurt() {
        Incident incident = incident(
                OPENED + 90_000, List.of(down(OPENED + 30_000)), List.of(new Impact(NAMESPACE, 0, 300, 60, 0, 0, .2)));
        List<TimelineEntry> timeline = List.of(
                act(1, "Provider b is given the 12 writes that it has missed."),
                act(2, "Provider b is given the 14 writes that it has missed."),
                act(3, "Provider b is given the 15 writes that it has missed."),
                new TimelineEntry(OPENED + 2_000, TimelineEntry.SYSTEM, Kind.SEVERITY, "Worse: P0 after P4. Of 10."),
                new TimelineEntry(OPENED + 5_000, "ops (token 1)", Kind.OPERATOR, "gate.set sessions to closed"),
                new TimelineEntry(OPENED + 6_000, "ops (token 1)", Kind.OPERATOR, "I have called them."));
        return Report.markdown(file(incident, timeline, series(2)));
    }

    @Test
    void aReportSaysWhatWhoForHowLongAndWhetherItIsOver() {
        assertThat(hurt())
                .contains("On 26 November 2026 at 17:45:02 UTC the node node1 noticed")
                .contains("Of 300 requests from the first evidence until then, 60 were refused (20 %).")
                .contains("Hurt was the namespace \"sessions\" (tier 0).")
                .contains("Holdfast did without provider b for 30 seconds, until it was trusted again.")
                .contains("at most 30 at a time; in the end none waited any more.")
                .contains("It is over: nothing was wrong any more when it was closed at 17:46:32 UTC, 1 minute 30"
                        + " seconds")
                .contains("| Worst severity, P0 | 2026-11-26 17:45:04 | 2 seconds after |")
                .contains("| sessions | 0 | 300 | 60 (20 %) | 0 | 0 | 20 % |")
                .contains("\"checkout\" needs \"sessions\"")
                .contains("17:45:02 to 17:45:32 (30 seconds): Provider b is down")
                .doesNotContain("Nobody has put a note on the timeline");
    }

    @Test
    void whatWasSaidAgainAndAgainIsOneLineAmongTheDeedsAndAllOfItInTheTimeline() {
        String report = hurt();
        String deeds = report.substring(report.indexOf("## What was done"), report.indexOf("## Figures"));
        assertThat(deeds)
                .contains("that it has missed. (and 2 times more like it, until 17:45:05)")
                .doesNotContain("14 writes")
                .contains("| 17:45:07 | ops (token 1) | gate.set sessions to closed |")
                .contains("| 17:45:08 | ops (token 1) | Noted: I have called them. |");
        assertThat(report.substring(report.indexOf("## The whole timeline"))).contains("the 14 writes");
    }

    @Test
    void aReportOfWhatHurtNobodySaysSo() {
        Incident incident = incident(OPENED + 90_000, List.of(down(OPENED + 30_000)), List.of());
        String report = Report.markdown(file(incident, List.of(), series(0)));
        assertThat(report)
                .contains("Nobody was hurt: all 900 requests that came were answered as always.")
                .contains("No namespace was hurt.")
                .contains("- No request was refused.")
                .contains("The timeline has nothing that the system did.")
                .doesNotContain("Which services felt it");
    }

    @Test
    void aReportOfWhatIsNotOverSaysSoAndWhatIsStillOn() {
        Incident incident = incident(0, List.of(down(0)), List.of());
        assertThat(Report.markdown(file(incident, List.of(), List.of())))
                .contains("It is not over: the incident is open, and 1 alarm is on.")
                .contains("Nobody was hurt: no request came while it lasted.")
                .contains("No figures are recorded of this incident.")
                .contains("| Closed | not yet |  |")
                .contains("When will this be over?")
                .contains("Why did provider b fail?")
                .contains("Nobody has put a note on the timeline");
    }

    @Test
    void aFaultThatWasPutOnAProviderOnPurposeIsTakenForTheCause() {
        Incident incident = incident(OPENED + 90_000, List.of(down(OPENED + 30_000)), List.of());
        TimelineEntry fault =
                new TimelineEntry(OPENED - 1_000, "ops (token 1)", Kind.OPERATOR, "fault.set b {\"mode\":\"slow\"}");
        assertThat(Report.markdown(file(incident, List.of(fault), series(0))))
                .contains("It was made to happen, as in a drill: ")
                .contains("It is taken for the cause of what that provider did from then on.")
                .doesNotContain("Why did provider b fail?");
    }

    @Test
    void nothingThatCameFromOutsideActsInThePageOrTheMarkdown() {
        Incident known = incident(0, List.of(), List.of(new Impact(NAMESPACE, 0, 10, 1, 0, 0, .1)));
        Incident incident = new Incident(
                known.id(),
                known.cause(),
                EVIL,
                Severity.P0,
                Severity.P0,
                OPENED,
                OPENED,
                0,
                0,
                List.of(new Alarm(AlarmKind.PROVIDER, EVIL, EVIL, OPENED, 0)),
                known.impact());
        CaseFile file = new CaseFile(
                incident,
                List.of(new TimelineEntry(OPENED, EVIL, Kind.OPERATOR, EVIL)),
                series(1),
                Map.of(NAMESPACE, new Affected(EVIL, List.of(EVIL))),
                EVIL,
                "1.0",
                OPENED);
        assertThat(Report.html(file))
                .doesNotContain("<script")
                .doesNotContain("\u202e")
                .doesNotContain("\u0007")
                .contains("&lt;script&gt;")
                .contains("default-src 'none'");
        assertThat(Report.markdown(file))
                .doesNotContainPattern("(?<!\\\\)<script")
                .doesNotContain("[x](")
                .doesNotContain("\n# h")
                .doesNotContain(" *b*")
                .doesNotContain("\u202e")
                .contains("\\<script\\>alert(1)\\</script\\> \\[x\\](http\\://evil) \\| \\*b\\* \\`c\\`");
    }

    @Test
    void thePageDrawsStatesRequestsAndWaitingWrites() {
        Incident incident = incident(
                OPENED + 90_000, List.of(down(OPENED + 30_000)), List.of(new Impact(NAMESPACE, 0, 300, 60, 0, 0, .2)));
        assertThat(Report.html(file(incident, List.of(), series(2))))
                .contains("<figcaption>State of each provider</figcaption>")
                .contains("<rect class=\"down\"")
                .contains("<figcaption>Requests of tier 0 in a second</figcaption>")
                .contains("<path class=\"refused\" d=\"M")
                .contains("refused, at most 2/s")
                .contains("Writes that wait for a provider")
                .contains("Oldest at most 30\u00a0s")
                .doesNotContain("NaN");
    }
}
