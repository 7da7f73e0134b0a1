package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.http.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One command shows the incidents of several nodes. */
class IncidentsOfNodesTest extends CommandRuns {
    /** 26 November 2026, 17:45:02 UTC. */
    private static final long OPENED = 1_795_715_102_000L;

    private TinyServer other;
    private String here;
    private String there;

    @BeforeEach
    void two() throws IOException {
        other = new TinyServer();
        here = server.url().toString();
        there = other.url().toString();
        server.incidents.add(incident("20261126-174502", "b", "P4", 0, ""));
        other.incidents.add(incident("20261126-174504", "b", "P1", 2, "sessions"));
    }

    @AfterEach
    void both() {
        other.close();
    }

    /** @param hurt the namespace whose requests were refused; empty for none */
    private static ObjectNode incident(String id, String provider, String worst, int second, String hurt) {
        long at = OPENED + 1_000L * second;
        ObjectNode incident = Json.object()
                .put("id", id)
                .put("cause", "provider:" + provider)
                .put("title", "Provider " + provider + " is down")
                .put("severity", "P4")
                .put("worst", worst)
                .put("opened_at", at)
                .put("changed_at", at)
                .put("reopened", 0);
        incident.putArray("alarms")
                .addObject()
                .put("kind", "provider")
                .put("subject", provider)
                .put("evidence", "Provider " + provider + " is down: \u001b[31mtimeout.")
                .put("since", at);
        incident.putArray("impact");
        if (!hurt.isEmpty()) {
            incident.withArray("impact")
                    .addObject()
                    .put("namespace", "3f")
                    .put("title", hurt)
                    .put("tier", 0)
                    .put("requests", 10)
                    .put("refused", 3)
                    .put("stale", 2)
                    .put("slow", 1)
                    .put("worst_share", .5);
        }
        incident.putArray("timeline")
                .addObject()
                .put("at", at)
                .put("who", "system")
                .put("kind", "state")
                .put("what", "Opened " + id + ".");
        return incident;
    }

    /** Where nobody listens. */
    private static String nobody() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "http://127.0.0.1:" + free.getLocalPort();
        }
    }

    @Test
    void whatTwoNodesNoticedOfOneCauseIsOneLineWithTheWorstSeverity() {
        other.incidents.add(incident("20261126-170000", "a", "P4", -2_702, ""));
        assertThat(ok("incident", "list", "--also", there).out().lines())
                .hasSize(3)
                .anyMatch(line -> line.matches("20261126-174502 +P4 \\(was P1\\) +open +2026-11-26 17:45:02 +.* +"
                        + here + ", " + there + " +sessions +Provider b is down"))
                .anyMatch(
                        line -> line.matches("20261126-170000 +P4 +open .* +" + there + " +nobody +Prov.* a is down"));
        JsonNode json = ok("incident", "list", "--json", "--also", there).json();
        assertThat(json.get("nodes")).hasSize(2);
        assertThat(json.get("incidents")).hasSize(2);
        assertThat(json.at("/incidents/0/worst").asString()).isEqualTo("P1");
        assertThat(json.at("/incidents/0/incidents/1/node").asString()).isEqualTo(there);
        assertThat(json.at("/incidents/0/incidents/1/incident/id").asString()).isEqualTo("20261126-174504");
    }

    @Test
    void aNodeThatIsNotReachedIsSaidAndHidesNothing() throws IOException {
        String nobody = nobody();
        for (String command : new String[] {"list", "show", "report"}) {
            Ran ran = run("incident", command, "--also", nobody, "--also", there);
            assertThat(ran.exitCode()).as(command).isEqualTo(1);
            assertThat(ran.err()).contains(nobody + ": NOT ASKED: ");
            assertThat(ran.out())
                    .contains("Provider b is down")
                    .contains("127.0.0.1:" + other.url().getPort());
        }
        assertThat(run("incident", "list", "--json", "--also", nobody)
                        .json()
                        .at("/nodes/1/failed")
                        .asString())
                .isNotEmpty();
        assertThat(run("incident", "report", "--also", nobody).out()).contains("could not be asked");
    }

    @Test
    void twoAddressesOfOneNodeAreOneNode() {
        String again = here.replace("127.0.0.1", "localhost");
        Ran ran = ok("incident", "list", "--also", again, "--also", here);
        assertThat(ran.err()).contains(again + " is the same node as " + here);
        assertThat(ran.out().lines()).hasSize(2);
        assertThat(ran.out()).doesNotContain("localhost");
    }

    @Test
    void showHasOneTimelineWithTheNodeNamed() {
        for (String id : new String[] {"20261126-174502", "20261126-174504"}) {
            String out = ok("incident", "show", id, "--also", there).out();
            assertThat(out)
                    .startsWith(
                            "Incident at 2 nodes: Provider b is down.\nOpen, P4 (was P1), since 2026-11-26 17:45:02")
                    .containsPattern(here + " +20261126-174502 +P4 +open +2026-11-26 17:45:02 +nobody")
                    .containsPattern(there + " +20261126-174504 +P4 \\(was P1\\) +open +.* +sessions")
                    .containsPattern(there + " +provider +2026-11-26 17:45:04 +- +Provider b is down: \\\\u001b")
                    .containsPattern(there + " +sessions +0 +10 +3 +2 +1");
            assertThat(out.indexOf("Opened 20261126-174502.")).isLessThan(out.indexOf("Opened 20261126-174504."));
        }
        assertThat(ok("incident", "show", "--json", "--also", there)
                        .json()
                        .at("/timeline/1/node")
                        .asString())
                .isEqualTo(there);
        Ran none = run("incident", "show", "20200101-000000", "--also", there);
        assertThat(none.exitCode()).isEqualTo(1);
        assertThat(none.err()).contains("There is no incident \"20200101-000000\" at any of these nodes");
    }

    @Test
    void aReportOfSeveralNodesSaysWhoWasHurtAndWhoWasNot() throws IOException {
        Path file = folder.resolve("report.html");
        ok("incident", "report", "--also", there, "--html", "--output", file.toString());
        assertThat(file).content().startsWith("<!doctype html>").contains("Incident at 2 nodes");
        assertThat(ok("incident", "report", "--also", there).out())
                .startsWith("# Incident at 2 nodes: Provider b is down")
                .contains("not at");
    }

    @Test
    void aProviderThatOnlyOneNodeLostIsSaidToBeAMatterOfWhatLiesBetween() {
        other.incidents.clear();
        assertThat(ok("incident", "report", "--also", there).out())
                .contains("Provider b was lost at one node")
                .contains("which uses it as well. So what lies between is likely the cause");
    }

    @Test
    void whatThisVersionDoesNotKnowFailsOneNodeOnly() {
        ((ObjectNode) other.incidents.getFirst().at("/alarms/0")).put("kind", "earthquake");
        Ran ran = run("incident", "list", "--also", there);
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.out()).contains("20261126-174502").contains(here);
        assertThat(ran.err()).contains(there + ": NOT ASKED: Its incidents have \"earthquake\"");
    }
}
