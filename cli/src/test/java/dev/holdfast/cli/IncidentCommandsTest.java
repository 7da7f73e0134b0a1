package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.http.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class IncidentCommandsTest extends CommandRuns {
    /** 26 November 2026, 17:45:02 UTC. */
    private static final long OPENED = 1_795_715_102_000L;

    @BeforeEach
    void happened() {
        server.incidents.add(incident(
                "20261126-174502",
                "P1",
                ",\"impact\":[{\"namespace\":\"3f\",\"title\":\"sessions\",\"tier\":0,\"requests\":10,"
                        + "\"refused\":3,\"stale\":2,\"slow\":1,\"worst_share\":0.5}]"));
        server.incidents.add(
                incident("20261125-090000", "P4", ",\"closed_at\":" + (OPENED + 65_000) + ",\"impact\":[]"));
    }

    private static ObjectNode incident(String id, String worst, String more) {
        return (ObjectNode) Json.MAPPER.readTree("{\"id\":\"" + id + "\",\"cause\":\"provider:b\","
                + "\"title\":\"Provider b is down: \\u001b[31mtimeout\",\"severity\":\"P4\",\"worst\":\"" + worst
                + "\",\"opened_at\":" + OPENED + ",\"changed_at\":" + OPENED + ",\"reopened\":0,"
                + "\"alarms\":[{\"kind\":\"provider\",\"subject\":\"b\",\"evidence\":\"Provider b is down.\",\"since\":"
                + OPENED + "}],\"timeline\":[{\"at\":" + OPENED + ",\"who\":\"system\",\"kind\":\"state\",\"what\":"
                + "\"Opened.\"}]" + more + "}");
    }

    @Test
    void listShowsALineForEach() {
        assertThat(ok("incident", "list").out().lines())
                .hasSize(3)
                .anyMatch(line -> line.matches(
                        "20261126-174502 +P4 \\(was P1\\) +open +2026-11-26 17:45:02 +.* +sessions +Provider b"
                                + " is down.*"))
                .anyMatch(line ->
                        line.matches("20261125-090000 +P4 +closed +2026-11-26 17:45:02 +1 min 5 s +nobody +Prov.*"));
        assertThat(ok("incident", "list", "--open-only").out())
                .contains("20261126-174502")
                .doesNotContain("20261125-090000");
        assertThat(ok("incident", "list", "--json", "--open-only").json()).hasSize(1);
        server.incidents.clear();
        assertThat(ok("incident", "list").out()).isEqualTo("No incident is known.\n");
    }

    @Test
    void showIsOfTheLatestUnlessItIsTold() {
        assertThat(ok("incident", "show").out())
                .startsWith("Incident 20261126-174502: Provider b is down: \\u001b[31mtimeout.\n"
                        + "Open, P4 (was P1), since 2026-11-26 17:45:02 UTC (")
                .contains("Provider b is down.")
                .containsPattern("sessions +0 +10 +3 +2 +1")
                .containsPattern("2026-11-26 17:45:02 +system +Opened\\.");
        assertThat(ok("incident", "show", "20261125-090000").out())
                .contains("Closed, P4 at its worst, from 2026-11-26 17:45:02 to 2026-11-26 17:46:07 UTC (1 min 5 s).")
                .contains("Nobody is or was hurt.");
        assertThat(ok("incident", "show", "--json").json().get("id").asString()).isEqualTo("20261126-174502");
    }

    @Test
    void aReportGoesToTheScreenOrToAFile() throws Exception {
        assertThat(ok("incident", "report").out()).isEqualTo("markdown of 20261126-174502\n");
        Path file = folder.resolve("report.html");
        ok("incident", "report", "20261125-090000", "--html", "--output", file.toString());
        assertThat(file).hasContent("html of 20261125-090000\n");
        Ran failed = run(
                "incident",
                "report",
                "--output",
                folder.resolve("none/report.md").toString());
        assertThat(failed.exitCode()).isEqualTo(1);
        assertThat(failed.err()).contains("cannot be written");
        assertThat(Files.list(folder)).containsExactly(file);
    }

    @Test
    void aNoteGoesToTheLatest() {
        assertThat(ok("incident", "note", "I have called them.").out())
                .isEqualTo("Noted on incident 20261126-174502.\n");
        assertThat(server.notes).containsExactly("I have called them.");
    }

    @Test
    void anIdThatIsNoneIsToldWithTheNearest() {
        Ran ran = run("incident", "show", "20261126-174503");
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err()).contains("There is no incident \"20261126-174503\"; did you mean 20261126-174502");
        server.incidents.clear();
        assertThat(run("incident", "show").err()).contains("No incident is known.");
    }

    @Test
    void webhooksAreListedAndTried() {
        assertThat(ok("incident", "webhooks").out())
                .containsPattern("pager +json +http://one +3 +1 +0 +1 +- +http://one is late");
        assertThat(ok("incident", "test-webhook", "pager").out()).contains("has arrived at webhook pager");
        Ran failed = run("incident", "test-webhook", "other");
        assertThat(failed.exitCode()).isEqualTo(1);
        assertThat(failed.err()).contains("The test has not arrived: nobody answers.");
    }

    @Test
    void statusSaysWhichClocksAreApart() {
        assertThat(ok("status").out()).doesNotContain("Clock");
        server.clocks.add(Json.object().put("of", "node y").put("ahead_ms", 0).put("apart", false));
        assertThat(ok("status").out()).contains("Clocks: no difference of more than 2 s is seen to 1 other\n");
        server.clocks.add(
                Json.object().put("of", "node z").put("ahead_ms", -4_213).put("apart", true));
        assertThat(ok("status").out()).contains("Clock of node z: at least 4.2 s BEHIND this node's\n");
    }
}
