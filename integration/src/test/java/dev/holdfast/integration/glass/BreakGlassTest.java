package dev.holdfast.integration.glass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.http.Json;
import dev.holdfast.integration.harness.CommandLine;
import dev.holdfast.integration.harness.CommandLine.Said;
import dev.holdfast.integration.harness.HoldfastServer;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every control works when all that it could lean on is dead: both providers lost with their disks, the node just killed and started, at an
 * edge the origin gone for good. Who may use them is known from the node's own disk, so there is no identity service that could be away.
 */
class BreakGlassTest {
    @TempDir
    private Path directory;

    @Test
    void everyControlOfAnOriginWorksWhileAllProvidersAreDead() throws Exception {
        try (HoldfastServer origin = new HoldfastServer(directory.resolve("origin"))) {
            origin.start();
            prepare(origin);
            origin.kill();
            lose(origin, "a");
            lose(origin, "b");
            origin.start();
            CommandLine person = person(origin);
            for (List<String> control : List.of(
                    List.of("status"),
                    List.of("status", "--json"),
                    List.of("provider", "list"),
                    List.of("node", "list"),
                    List.of("namespace", "list"),
                    List.of("token", "list"),
                    List.of("explain", "glass", "kept"))) {
                works(person, control);
            }
            gates(person);
            ramps(person);
            incidents(person, "Provider a is");
            works(person, List.of("namespace", "create", "new"));
            works(person, List.of("namespace", "set", "glass", "--tier", "0"));
            tokens(person);
            assertThat(works(person, List.of("kv", "get", "glass", "kept")).text())
                    .as("the last known good")
                    .contains("before all was lost");
            gatesAreKept(origin);
        }
    }

    @Test
    void everyControlOfAnEdgeWorksWhileItsOriginIsGone() throws Exception {
        try (HoldfastServer origin = new HoldfastServer(directory.resolve("origin"));
                HoldfastServer edge = new HoldfastServer(directory.resolve("edge"))) {
            origin.start();
            String value = prepare(origin);
            edge.asEdgeOf(origin).start();
            edge.store().require(edge.store().get(value));
            origin.kill();
            edge.kill();
            edge.start();
            CommandLine person = person(edge);
            for (List<String> control :
                    List.of(List.of("status"), List.of("status", "--json"), List.of("namespace", "list"))) {
                works(person, control);
            }
            gates(person);
            ramps(person);
            works(person, List.of("incident", "list"));
            works(person, List.of("incident", "webhooks"));
            gatesAreKept(edge);
        }
    }

    /** @return the path of a value */
    private static String prepare(HoldfastServer origin) {
        String id = origin.makeNamespace("glass");
        String value = "/v1/namespaces/" + id + "/values/kept";
        origin.store()
                .require(origin.store().call("PUT", value, Map.of(), BodyPublishers.ofString("before all was lost")));
        origin.store().require(origin.store().get(value));
        return value;
    }

    /** Where the provider had its place there is a file now, so that none can be made there either. */
    private static void lose(HoldfastServer origin, String provider) throws IOException {
        Path place = origin.data().resolve(provider);
        Files.move(place, origin.data().resolveSibling(provider + "-lost"));
        Files.writeString(place, "nothing of this is a database");
    }

    private static CommandLine person(HoldfastServer server) throws IOException {
        return new CommandLine(Map.of(
                "HOLDFAST_URL", server.store().base().toString(),
                "HOLDFAST_ADMIN", server.control().base().toString(),
                "HOLDFAST_TOKEN", server.secret()));
    }

    private static void gates(CommandLine person) throws Exception {
        works(person, List.of("gate", "list"));
        works(person, List.of("gate", "set", "glass", "closed", "--why", "the glass is broken"));
        works(person, List.of("gate", "set", "glass", "25%"));
        works(person, List.of("gate", "set", "glass", "stale-only", "--why", "nothing is there to ask"));
        assertThat(works(person, List.of("gate", "list")).text())
                .contains("stale-only")
                .contains("nothing is there to ask");
    }

    /** From the gate as it was left to where it was again. */
    private static void ramps(CommandLine person) throws Exception {
        works(person, List.of("ramp", "plan"));
        works(person, List.of("ramp", "start", "--why", "nothing is there to ask"));
        for (String control : List.of("pause", "skip", "override", "resume", "status")) {
            works(person, List.of("ramp", control));
        }
        works(person, List.of("ramp", "abort"));
        works(person, List.of("gate", "set", "glass", "stale-only", "--why", "nothing is there to ask"));
    }

    private static void incidents(CommandLine person, String title) throws Exception {
        assertThat(works(person, List.of("incident", "list", "--open-only")).text())
                .contains(title);
        works(person, List.of("incident", "note", "The glass is broken."));
        assertThat(works(person, List.of("incident", "show")).text()).contains("The glass is broken.");
        assertThat(works(person, List.of("incident", "report")).text()).contains("## Open questions");
        assertThat(works(person, List.of("incident", "report", "--html")).text())
                .contains("</html>");
        works(person, List.of("incident", "webhooks"));
    }

    private static void tokens(CommandLine person) throws Exception {
        String made =
                works(person, List.of("token", "create", "someone", "--json")).text();
        String id = Json.text(Json.MAPPER.readTree(made), "id", "");
        works(person, List.of("token", "revoke", id));
        assertThat(works(person, List.of("token", "list")).text()).doesNotContain(id);
    }

    private static void gatesAreKept(HoldfastServer server) throws Exception {
        server.kill();
        server.start();
        assertThat(works(person(server), List.of("gate", "list")).text()).contains("nothing is there to ask");
        works(person(server), List.of("gate", "set", "glass", "open"));
    }

    private static Said works(CommandLine person, List<String> control) throws Exception {
        Said said = person.run(control);
        assertThat(said.exit())
                .as("holdfast " + String.join(" ", control) + ": " + said.text())
                .isZero();
        return said;
    }
}
