package dev.holdfast.integration.ramp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.http.Json;
import dev.holdfast.integration.harness.Awaiting;
import dev.holdfast.integration.harness.CommandLine;
import dev.holdfast.integration.harness.CommandLine.Said;
import dev.holdfast.integration.harness.HoldfastServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A ramp as a person has it: begun, followed and ended on the command line, and the node killed in the middle of it. */
class RampTest {
    private static final Duration MOST = Duration.ofMinutes(1);

    @TempDir
    private Path directory;

    @Test
    void aRampThatIsKilledGoesOnWhereItWasAndEnds() throws Exception {
        try (HoldfastServer node = new HoldfastServer(directory);
                ExecutorService watching = Executors.newVirtualThreadPerTaskExecutor()) {
            node.with(Map.of("HOLDFAST_RAMP_LOOK", "200ms", "HOLDFAST_RAMP_CALM", "1s"))
                    .start();
            CommandLine person = CommandLine.of(node);
            for (String title : List.of("identity", "shop", "bulk")) {
                node.makeNamespace(title);
                person.works("gate", "set", title, "stale-only");
            }
            person.works("namespace", "set", "identity", "--tier", "0");
            person.works("namespace", "set", "bulk", "--tier", "3");
            String plan = person.works("ramp", "plan").text();
            assertThat(plan).containsSubsequence("hottest keys", "identity", "shop", "bulk", "12.2 s");
            assertThat(person.works("ramp", "start", "--dry-run").text()).contains("12.2 s");
            assertThat(person.works("gate", "list").text()).contains("stale-only");

            assertThat(person.works("ramp", "start", "--why", "a test").text()).contains("Begun, of 3 namespaces");
            Future<Said> watched = watching.submit(() -> person.run(List.of("ramp", "status", "--watch")));
            await(node, "\"opening\" of shop", ramp -> ramp.path("wave").asInt() == 3 && share(ramp, 3) == 5);
            node.kill();
            node.start();
            JsonNode after = ramp(node);
            assertThat(Json.text(after, "phase", "")).isEqualTo("running");
            assertThat(share(after, 2)).isEqualTo(100);
            assertThat(share(after, 3)).isIn(5, 25);
            assertThat(gate(node, "identity")).isEqualTo("open");
            assertThat(gate(node, "bulk")).isEqualTo("stale-only");
            await(node, "its end", ramp -> Json.text(ramp, "phase", "").equals("done"));
            Said said = watched.get();
            assertThat(said.exit()).as(said.text()).isZero();
            assertThat(said.text())
                    .containsSubsequence(
                            "Begun, of 3 namespaces",
                            "Wave 3 of 4 is opened to 5 %",
                            "The node started again; wave 3 of 4 goes on at",
                            "All waves are open.");
            for (String title : List.of("identity", "shop", "bulk")) {
                assertThat(gate(node, title)).isEqualTo("open");
            }
            assertThat(person.works("ramp", "status").text()).startsWith("Ramp DONE");
        }
    }

    private static void await(HoldfastServer node, String what, Predicate<JsonNode> wanted)
            throws InterruptedException {
        Awaiting.until(MOST, what, () -> ramp(node), wanted);
    }

    private static JsonNode ramp(HoldfastServer node) {
        return node.control().require(node.control().get("/v1/ramp")).json().path("ramp");
    }

    private static int share(JsonNode ramp, int wave) {
        return ramp.path("waves").get(wave - 1).path("share").asInt();
    }

    private static String gate(HoldfastServer node, String namespace) {
        return Json.text(
                node.control()
                        .require(node.control().get("/v1/gates/" + namespace))
                        .json(),
                "gate",
                "");
    }
}
