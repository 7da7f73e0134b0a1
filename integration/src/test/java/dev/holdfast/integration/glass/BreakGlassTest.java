package dev.holdfast.integration.glass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.http.Json;
import dev.holdfast.integration.harness.CommandLine;
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
            CommandLine person = CommandLine.of(origin);
            person.works("status");
            person.works("status", "--json");
            for (String listed : List.of("provider", "node", "namespace", "token")) {
                person.works(listed, "list");
            }
            person.works("explain", "glass", "kept");
            gates(person);
            ramps(person);
            incidents(person, "Provider a is");
            person.works("namespace", "create", "new");
            person.works("namespace", "set", "glass", "--tier", "0");
            tokens(person);
            assertThat(person.works("kv", "get", "glass", "kept").text())
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
            CommandLine person = CommandLine.of(edge);
            person.works("status");
            person.works("status", "--json");
            person.works("namespace", "list");
            gates(person);
            ramps(person);
            person.works("incident", "list");
            person.works("incident", "webhooks");
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

    private static void gates(CommandLine person) throws Exception {
        person.works("gate", "list");
        person.works("gate", "set", "glass", "closed", "--why", "the glass is broken");
        person.works("gate", "set", "glass", "25%");
        person.works("gate", "set", "glass", "stale-only", "--why", "nothing is there to ask");
        assertThat(person.works("gate", "list").text()).contains("stale-only").contains("nothing is there to ask");
    }

    /** From the gate as it was left to where it was again. */
    private static void ramps(CommandLine person) throws Exception {
        person.works("ramp", "plan");
        person.works("ramp", "start", "--why", "nothing is there to ask");
        for (String control : List.of("pause", "skip", "override", "resume", "status")) {
            person.works("ramp", control);
        }
        person.works("ramp", "abort");
        person.works("gate", "set", "glass", "stale-only", "--why", "nothing is there to ask");
    }

    private static void incidents(CommandLine person, String title) throws Exception {
        assertThat(person.works("incident", "list", "--open-only").text()).contains(title);
        person.works("incident", "note", "The glass is broken.");
        assertThat(person.works("incident", "show").text()).contains("The glass is broken.");
        assertThat(person.works("incident", "report").text()).contains("## Open questions");
        assertThat(person.works("incident", "report", "--html").text()).contains("</html>");
        person.works("incident", "webhooks");
    }

    private static void tokens(CommandLine person) throws Exception {
        String made = person.works("token", "create", "someone", "--json").text();
        String id = Json.text(Json.MAPPER.readTree(made), "id", "");
        person.works("token", "revoke", id);
        assertThat(person.works("token", "list").text()).doesNotContain(id);
    }

    private static void gatesAreKept(HoldfastServer server) throws Exception {
        server.kill();
        server.start();
        assertThat(CommandLine.of(server).works("gate", "list").text()).contains("nothing is there to ask");
        CommandLine.of(server).works("gate", "set", "glass", "open");
    }
}
