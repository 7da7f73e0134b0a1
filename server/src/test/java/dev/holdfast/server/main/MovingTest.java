package dev.holdfast.server.main;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.server.main.RunningServer.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Providers come and go through the admin API while a node serves. */
class MovingTest {
    private static final int KEYS = 50;

    @TempDir
    Path folder;

    private RunningServer server;

    @BeforeEach
    void start() throws Exception {
        configure("a", "b");
        server = running("node", Map.of());
        server.namespace("shop");
        for (int i = 0; i < KEYS; i++) {
            assertThat(server.data("PUT", "/v1/namespaces/shop/values/k" + i, "v" + i)
                            .status())
                    .isEqualTo(200);
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private RunningServer running(String name, Map<String, String> settings) throws Exception {
        return new RunningServer(Optional.of(folder.resolve("holdfast.yaml")), folder.resolve(name), settings);
    }

    /** Each provider as if on a disk of its own. */
    private void configure(String... providers) throws IOException {
        StringBuilder yaml = new StringBuilder("providers:\n");
        for (String name : providers) {
            yaml.append("  ")
                    .append(name)
                    .append(":\n    failure-domain: here/room/disk-")
                    .append(name)
                    .append("\n    directory: ")
                    .append(name)
                    .append('\n');
        }
        Files.writeString(folder.resolve("holdfast.yaml"), yaml);
    }

    private Reply place(String provider, String role) throws IOException {
        return server.admin("PUT", "/v1/providers/" + provider + "/role", "{\"role\":\"" + role + "\"}");
    }

    private void placed(String provider, String role) throws IOException {
        Reply reply = place(provider, role);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.json().get("role").asString()).isEqualTo(role);
    }

    private void refused(String provider, String role, String why) throws IOException {
        Reply reply = place(provider, role);
        assertThat(reply.status()).as(reply.text()).isEqualTo(409);
        assertThat(reply.code()).isEqualTo("placement-refused");
        assertThat(reply.text()).contains(why);
    }

    private JsonNode provider(String name) {
        return server.adminQuietly("GET", "/v1/providers/" + name).json();
    }

    private void awaitComplete(String name) throws InterruptedException {
        RunningServer.await(() -> provider(name).get("complete").asBoolean());
    }

    private JsonNode homes(String body) throws Exception {
        assertThat(server.admin("POST", "/v1/homes", body).status()).isEqualTo(202);
        RunningServer.await(() -> !look().get("running").asBoolean());
        return look().get("found");
    }

    private JsonNode look() {
        try {
            return server.admin("GET", "/v1/homes", null).json();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void join(String name) throws Exception {
        placed(name, "joining");
        awaitComplete(name);
        placed(name, "serving");
        RunningServer.await(() -> provider(name).get("state").asString().equals("current"));
    }

    private void leave(String name) throws Exception {
        placed(name, "leaving");
        assertThat(homes("{\"without\":\"" + name + "\"}").get("short").asLong())
                .isZero();
        placed(name, "removed");
    }

    private void readsAll() throws IOException {
        for (int i = 0; i < KEYS; i++) {
            assertThat(server.data("GET", "/v1/namespaces/shop/values/k" + i + "?mode=fresh", null)
                            .text())
                    .isEqualTo("v" + i);
        }
    }

    @Test
    void aProviderIsAddedFromTheConfigurationAsItIsNowAndAnotherLeaves() throws Exception {
        refused("c", "joining", "says nothing of a provider");
        configure("a", "b", "c");
        placed("c", "joining");
        assertThat(provider("c").get("role").asString()).isEqualTo("joining");
        refused("c", "joining", "in use already");
        awaitComplete("c");
        placed("c", "serving");
        RunningServer.await(() -> provider("c").get("state").asString().equals("current"));
        JsonNode found = homes("{}");
        assertThat(found.get("keys").asInt()).isEqualTo(KEYS);
        assertThat(found.get("short").asInt()).isZero();
        assertThat(found.at("/digests/c")).isEqualTo(found.at("/digests/a"));
        leave("a");
        assertThat(server.admin("GET", "/v1/providers/a", null).status()).isEqualTo(404);
        readsAll();
        String audit = Files.readString(folder.resolve("node/audit.log"));
        for (String line : new String[] {"c joining", "c serving", "a leaving", "a removed"}) {
            assertThat(audit.lines())
                    .anyMatch(entry ->
                            entry.contains("provider.place") && entry.contains(line) && entry.contains("done"));
        }
        assertThat(audit.lines())
                .anyMatch(entry -> entry.contains("provider.place") && entry.contains("refused"))
                .anyMatch(entry -> entry.contains("homes.count") && entry.contains("begun"));
    }

    @Test
    void whatWouldLeaveKeysShortIsRefusedAndSaysWhatToDo() throws Exception {
        refused("a", "leaving", "Add and promote another provider first");
        refused("a", "removed", "holdfast provider drain a");
        homes("{\"without\":\"a\"}");
        refused("a", "removed", "Without provider a, " + KEYS + " keys would lie in fewer");
        assertThat(look().at("/found/first/0/homes").toString()).contains("b");
        refused("z", "serving", "no part of the placement");
        assertThat(place("a", "master").code()).isEqualTo("bad-role");
        readsAll();
    }

    @Test
    void keysOfANamespaceWhoseDeletionCanBeUndoneAreCountedToo() throws Exception {
        assertThat(server.data("DELETE", "/v1/namespaces/shop", null).status()).isEqualTo(200);
        JsonNode found = homes("{\"without\":\"a\"}");
        assertThat(found.get("keys").asInt()).isEqualTo(KEYS);
        assertThat(found.get("short").asInt()).isEqualTo(KEYS);
    }

    @Test
    void aRestartKeepsWhatProvidersAre() throws Exception {
        configure("a", "b", "c", "d");
        join("c");
        placed("d", "joining");
        leave("a");
        server.close();
        server = running("node", Map.of());
        assertThat(server.said).anyMatch(line -> line.contains("Provider a was removed from the placement"));
        assertThat(server.admin("GET", "/v1/providers/a", null).status()).isEqualTo(404);
        assertThat(provider("c").get("role").asString()).isEqualTo("serving");
        assertThat(provider("d").get("role").asString()).isEqualTo("joining");
        awaitComplete("d");
        placed("d", "serving");
        readsAll();
    }

    @Test
    void oneThatWasRemovedComesBackAsANewOne() throws Exception {
        configure("a", "b", "c");
        join("c");
        leave("a");
        for (int i = 0; i < KEYS; i++) {
            server.data("PUT", "/v1/namespaces/shop/values/k" + i, "w" + i);
            server.data("DELETE", "/v1/namespaces/shop/values/k" + i, null);
            server.data("PUT", "/v1/namespaces/shop/values/k" + i, "v" + i);
        }
        join("a");
        JsonNode found = homes("{}");
        assertThat(found.at("/digests/a")).isEqualTo(found.at("/digests/b"));
        readsAll();
    }

    @Test
    void anEdgeHasNoProvidersToMove() throws Exception {
        Path data = Files.createDirectories(folder.resolve("edge"));
        Files.copy(folder.resolve("node/cluster-key"), data.resolve("cluster-key"));
        Files.copy(folder.resolve("node/admin-token"), data.resolve("origin-token"));
        Map<String, String> settings = Map.of("role", "edge", "origins.urls", "http://127.0.0.1:" + server.dataPort());
        try (RunningServer edge = running("edge", settings)) {
            for (String call : new String[] {"PUT /v1/providers/a/role {\"role\":\"joining\"}", "POST /v1/homes {}"}) {
                String[] words = call.split(" ", 3);
                Reply reply = edge.send(edge.adminPort(), server.token, words[0], words[1], words[2]);
                assertThat(reply.status()).isEqualTo(404);
                assertThat(reply.code()).isEqualTo("not-an-origin");
            }
        }
    }
}
