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
import dev.holdfast.engine.incident.report.JointFile.Calm;
import dev.holdfast.engine.incident.report.JointFile.Unreached;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JointReportTest {
    /** 26 November 2026, 17:45:02 UTC. */
    private static final long OPENED = 1_795_715_102_000L;

    private static final String NAMESPACE = "3fcf0698595ab1c99c55e7162384042e";
    private static final Set<String> BOTH = Set.of("a", "b");

    /** Of a node that lost provider b so many seconds after the first, with so many of 100 requests refused. */
    private static CaseFile lost(String node, long second, long refused) {
        long at = OPENED + 1_000 * second;
        Alarm alarm = new Alarm(AlarmKind.PROVIDER, "b", "Provider b is down: seen by " + node + ".", at, at + 30_000);
        Incident incident = new Incident(
                "20261126-17450" + (2 + second),
                "provider:b",
                "Provider b is down",
                Severity.P4,
                refused == 0 ? Severity.P4 : Severity.P1,
                at,
                at,
                at + 90_000,
                0,
                List.of(alarm),
                refused == 0 ? List.of() : List.of(new Impact(NAMESPACE, 0, 100, refused, 0, 0, .5)));
        Sample sample = new Sample(
                at + 1_000,
                1,
                List.of(new Flow("", 0, 100, refused, 0, 0, 512)),
                List.of(),
                List.of(new ProviderPoint("a", "current", 0, 0, 9), new ProviderPoint("b", "down", 0, 1, 9)),
                0,
                0,
                0);
        return new CaseFile(
                incident,
                List.of(
                        new TimelineEntry(at, TimelineEntry.SYSTEM, Kind.STATE, "Opened at " + node + "."),
                        new TimelineEntry(at + 10_000, "ops", Kind.OPERATOR, "noted at " + node)),
                List.of(sample),
                Map.of(NAMESPACE, new Affected("sessions", List.of())),
                node,
                "1.0",
                OPENED + 200_000);
    }

    private static String report(List<CaseFile> files, List<Calm> calm, List<Unreached> unreached) {
        return JointReport.markdown(new JointFile(files, calm, unreached, "1.0", OPENED + 200_000));
    }

    @Test
    void itSaysWhoNoticedWhoWasHurtAndWhoWasNot() {
        String report = report(
                List.of(lost("y", 2, 7), lost("x", 0, 0)),
                List.of(new Calm("z", BOTH)),
                List.of(new Unreached("w", "timeout")));
        assertThat(report)
                .startsWith("# Incident at 2 nodes: Provider b is down")
                .contains("17:45:02 UTC x noticed that something was wrong, and so did y.")
                .contains("Nothing of it was noticed at z.")
                .contains("Not asked, since not reached: w.")
                .contains("Requests were hurt at y, and not at x and z. At its worst it was P1:")
                .contains("It is over: it was closed at the last of them at 17:46:34 UTC.")
                .contains("| y | 20261126-174504 | 2026-11-26 17:45:04 | 2026-11-26 17:46:34 | P1 | 100 | 7 (7.0 %) |")
                .contains(
                        "| x | 20261126-174502 | 2026-11-26 17:45:02 | 2026-11-26 17:46:32 | P4 | 100 | nobody hurt |")
                .contains("| w | not reached: timeout |")
                .contains("| y | sessions | 0 | 100 | 7 (7.0 %) | 0 | 0 | 50 % |");
    }

    @Test
    void theTimelineIsOneInOrderOfTimeWithTheNodeNamed() {
        String report = report(List.of(lost("y", 2, 0), lost("x", 0, 0)), List.of(), List.of());
        assertThat(report.substring(report.indexOf("## The timeline")).lines().skip(4))
                .containsExactly(
                        "| 2026-11-26 17:45:02 | x | state | system | Opened at x. |",
                        "| 2026-11-26 17:45:04 | y | state | system | Opened at y. |",
                        "| 2026-11-26 17:45:12 | x | operator | ops | noted at x |",
                        "| 2026-11-26 17:45:14 | y | operator | ops | noted at y |");
        assertThat(report).contains("17:45:02 to 17:45:32, x: Provider b is down: seen by x.");
    }

    @Test
    void whatOnlySomeNodesLostIsLikelyWhatLiesBetween() {
        assertThat(report(List.of(lost("x", 0, 0)), List.of(new Calm("y", BOTH), new Calm("e", Set.of())), List.of()))
                .contains(
                        "Provider b was lost at one node, x, and not at y, which uses it as well. So what lies between"
                                + " is likely the cause")
                .contains("it is not proven.");
    }

    @Test
    void whatAllNodesLostIsLikelyTheProvider() {
        assertThat(report(List.of(lost("x", 0, 0), lost("y", 0, 0)), List.of(new Calm("e", Set.of("a"))), List.of()))
                .contains("Provider b was lost at all 2 nodes that were asked and use it. So the provider itself is"
                        + " likely the cause");
    }

    @Test
    void oneWitnessIsNoneAndWhoWasNotReachedIsSaid() {
        assertThat(report(List.of(lost("x", 0, 0)), List.of(), List.of(new Unreached("w", "timeout"))))
                .contains(
                        "no other node that was asked uses it: whether it was the provider or what lies between cannot"
                                + " be told from that.")
                .contains("What w saw of it is not known, since it could not be asked");
    }

    @Test
    void theOrderInWhichNodesWereAskedDoesNotShow() {
        assertThat(report(List.of(lost("x", 0, 3), lost("y", 0, 0)), List.of(), List.of()))
                .isEqualTo(report(List.of(lost("y", 0, 0), lost("x", 0, 3)), List.of(), List.of()));
    }

    @Test
    void whatIsReadFromOutsideCannotAct() {
        CaseFile file = lost("<script>alert(1)</script>", 0, 0);
        JointFile joint = new JointFile(
                List.of(file), List.of(), List.of(new Unreached("[x](http://evil)", "<b>")), "1.0", OPENED);
        assertThat(JointReport.html(joint)).doesNotContain("<script>").doesNotContain("<b>");
        assertThat(JointReport.markdown(joint)).doesNotContain("<script>").doesNotContain("[x](http");
    }
}
