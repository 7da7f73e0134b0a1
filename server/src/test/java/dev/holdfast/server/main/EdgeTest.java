package dev.holdfast.server.main;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.server.main.RunningServer.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An edge before an origin, in one process; as processes of their own, and killed, they are in the integration tests. */
class EdgeTest {
    @TempDir
    Path folder;

    private RunningServer origin;
    private RunningServer edge;
    private String room;

    @BeforeEach
    void start() throws Exception {
        origin = new RunningServer(folder.resolve("origin"));
        room = "/v1/namespaces/" + origin.namespace("shop") + "/values/";
        edge = edge("edge");
    }

    private RunningServer edge(String name) throws Exception {
        return edge(name, Map.of());
    }

    private RunningServer edge(String name, Map<String, String> settings) throws Exception {
        Path data = Files.createDirectories(folder.resolve(name));
        if (!Files.exists(data.resolve("cluster-key"))) {
            Files.copy(folder.resolve("origin/cluster-key"), data.resolve("cluster-key"));
            Files.copy(folder.resolve("origin/admin-token"), data.resolve("origin-token"));
        }
        Map<String, String> all = new HashMap<>(settings);
        all.put("role", "edge");
        all.putIfAbsent("origins.urls", "http://127.0.0.1:" + origin.dataPort());
        return new RunningServer(data, all);
    }

    @AfterEach
    void stop() {
        edge.close();
        origin.close();
    }

    private Reply at(RunningServer server, String method, String path, String body, String... headers)
            throws IOException {
        return server.send(server.dataPort(), origin.token, method, path, body, headers);
    }

    private Reply read(RunningServer server, String key, String... headers) throws IOException {
        return at(server, "GET", room + key, null, headers);
    }

    private void await(RunningServer server, String key, String text, String cacheStatus) throws InterruptedException {
        RunningServer.await(() -> {
            try {
                Reply reply = read(server, key);
                return reply.text().equals(text)
                        && reply.header("CF-Cache-Status").equals(cacheStatus);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void whatIsWrittenAtTheOriginIsHeardOfAndNotAskedFor() throws Exception {
        origin.data("PUT", room + "k", "1");
        assertThat(read(edge, "k").text()).isEqualTo("1");
        long misses = misses();
        origin.data("PUT", room + "k", "2");
        await(edge, "k", "2", "HIT");
        assertThat(misses()).isEqualTo(misses);
    }

    private long misses() throws IOException {
        return edge.send(edge.adminPort(), origin.token, "GET", "/v1/status", null)
                .json()
                .at("/cache/counters/misses")
                .asLong();
    }

    @Test
    void itExportsWhatTheOriginHasAndImportsNothing() throws Exception {
        origin.data("PUT", room + "k", "1");
        String path = room.replace("/values/", "");
        String[] there = origin.data("GET", path + "/export", null).text().split("\n");
        String[] here = at(edge, "GET", path + "/export", null).text().split("\n");
        assertThat(here).hasSize(3);
        assertThat(here[1]).isEqualTo(there[1]);
        assertThat(at(edge, "POST", path + "/import", null).code()).isEqualTo("not-kept");
        assertThat(at(edge, "PUT", path + "/import", here[1]).code()).isEqualTo("not-kept");
    }

    @Test
    void whatIsWrittenThroughItIsReadThroughIt() throws Exception {
        Reply put = at(edge, "PUT", room + "k?expiration_ttl=3600", "1", "Holdfast-Metadata", "{\"a\":[1]}");
        assertThat(put.status()).isEqualTo(200);
        for (RunningServer server : new RunningServer[] {edge, origin}) {
            Reply read = read(server, "k");
            assertThat(read.text()).isEqualTo("1");
            assertThat(read.header("Holdfast-Version")).isEqualTo(put.header("Holdfast-Version"));
            assertThat(read.header("Holdfast-Metadata")).isEqualTo("{\"a\":[1]}");
            assertThat(Long.parseLong(read.header("Holdfast-Expiration"))).isPositive();
        }
        assertThat(at(edge, "DELETE", room + "k", null).status()).isEqualTo(200);
        assertThat(read(edge, "k").code()).isEqualTo("key-not-found");
        assertThat(read(origin, "k").code()).isEqualTo("key-not-found");
    }

    @Test
    void metadataInAnyScriptComesThroughItWhole() throws Exception {
        String asLatin1 = new String("\"\u00e9\u4e2d\"".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        String rest = "/client/v4/accounts/"
                + Files.readString(folder.resolve("origin/account-id")).strip() + "/storage/kv/namespaces/"
                + room.split("/")[3];
        String item = "[{\"key\":\"k\",\"value\":\"v\",\"metadata\":\"\u00e9\u4e2d\"}]";
        assertThat(at(edge, "PUT", rest + "/bulk", item).status()).isEqualTo(200);
        assertThat(at(origin, "GET", rest + "/metadata/k", null)
                        .json()
                        .get("result")
                        .asString())
                .isEqualTo("\u00e9\u4e2d");
        origin.data("PUT", rest + "/bulk", item.replace("\"k\"", "\"l\""));
        assertThat(read(edge, "l").header("Holdfast-Metadata")).isEqualTo(asLatin1);
        assertThat(at(edge, "GET", rest + "/metadata/l", null)
                        .json()
                        .get("result")
                        .asString())
                .isEqualTo("\u00e9\u4e2d");
    }

    @Test
    void aConditionThatDoesNotHoldIsAnsweredWithTheVersionThereIs() throws Exception {
        String version = origin.data("PUT", room + "k", "1").header("Holdfast-Version");
        Reply refused = at(edge, "PUT", room + "k", "2", "If-None-Match", "*");
        assertThat(refused.status()).isEqualTo(412);
        assertThat(refused.json().get("current").asString()).isEqualTo(version);
        assertThat(at(edge, "PUT", room + "k", "2", "If-Match", "\"" + version + "\"")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void whoHasASessionSeesItsWritesThroughAnyEdge() throws Exception {
        try (RunningServer other = edge("other")) {
            for (int i = 0; i < 50; i++) {
                read(other, "k");
                String session = at(edge, "PUT", room + "k", "value " + i).header("Holdfast-Session");
                assertThat(session).isNotEmpty();
                assertThat(read(other, "k", "Holdfast-Session", session).text()).isEqualTo("value " + i);
            }
            Reply old = read(other, "k", "Holdfast-Session", "gone.1.1, " + "gone.too.1.7");
            assertThat(old.text()).isEqualTo("value 49");
        }
        assertThat(read(edge, "k", "Holdfast-Session", "none").code()).isEqualTo("bad-session");
    }

    @Test
    void withoutAnOriginItGoesOnWithWhatItKnowsAlsoAfterAStart() throws Exception {
        origin.data("PUT", room + "k", "1");
        await(edge, "k", "1", "HIT");
        String dead = "http://127.0.0.1:" + origin.dataPort();
        origin.close();
        await(edge, "k?cache_ttl=0", "1", "STALE");
        assertThat(read(edge, "k?cache_ttl=0").header("Holdfast-Confirmed")).isEqualTo("false");
        edge.close();
        edge = edge("edge", Map.of("origins.urls", dead));
        Reply known = read(edge, "k");
        assertThat(known.text()).isEqualTo("1");
        assertThat(known.header("CF-Cache-Status")).isEqualTo("STALE");
        assertThat(known.header("Holdfast-Source")).isEqualTo("disk");
        assertThat(known.header("Age")).isNotEmpty();
        Reply unknown = read(edge, "other");
        assertThat(unknown.status()).isEqualTo(503);
        Reply write = at(edge, "PUT", room + "k", "2");
        assertThat(write.status()).isEqualTo(503);
    }

    @Test
    void whatAnOriginAnswersByDefaultIsNotKeptAsIfItHadBeenWritten() throws Exception {
        String namespace = room.replace("/values/", "");
        origin.data("PATCH", namespace, "{\"on_outage\":\"default(none)\"}");
        RunningServer.await(() -> onOutage(namespace).equals("default(none)"));
        origin.fault("a", "error");
        origin.fault("b", "error");
        assertThat(read(origin, "k").header("Holdfast-Source")).isEqualTo("default");
        Reply byDefault = read(edge, "k");
        assertThat(byDefault.text()).isEqualTo("none");
        assertThat(byDefault.header("Holdfast-Source")).isEqualTo("default");
        origin.heal("a");
        origin.heal("b");
        RunningServer.await(() -> patched(namespace, "stale"));
        RunningServer.await(() -> onOutage(namespace).equals("stale"));
        origin.close();
        assertThat(read(edge, "k").status()).isEqualTo(503);
    }

    private String onOutage(String namespace) {
        try {
            return at(edge, "GET", namespace, null).json().path("on_outage").asString("");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private boolean patched(String namespace, String onOutage) {
        try {
            return origin.data("PATCH", namespace, "{\"on_outage\":\"" + onOutage + "\"}")
                            .status()
                    == 200;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anEdgeBeforeItHearsOfWhatItHears() throws Exception {
        String here = "http://127.0.0.1:" + edge.dataPort();
        try (RunningServer far = edge("far", Map.of("origins.urls", here))) {
            origin.data("PUT", room + "k", "1");
            assertThat(read(far, "k").text()).isEqualTo("1");
            origin.data("PUT", room + "k", "2");
            await(far, "k", "2", "HIT");
            // Too large to be told with the change.
            String large = "3".repeat(5_000);
            origin.data("PUT", room + "k", large);
            RunningServer.await(() -> {
                try {
                    return read(far, "k").text().equals(large);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            await(far, "k", large, "HIT");
            Reply written = at(far, "PUT", room + "k", "4");
            assertThat(read(far, "k").text()).isEqualTo("4");
            assertThat(read(edge, "k", "Holdfast-Session", written.header("Holdfast-Session"))
                            .text())
                    .isEqualTo("4");
            origin.namespace("later");
            RunningServer.await(() -> {
                try {
                    return at(far, "GET", "/v1/namespaces/later", null).status() == 200;
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
        }
    }

    @Test
    void whatOnlyAnOriginHasIsNotFoundThere() throws Exception {
        for (String path : new String[] {"/v1/compare", "/v1/nodes"}) {
            assertThat(edge.send(edge.adminPort(), origin.token, "GET", path, null)
                            .code())
                    .isEqualTo("not-an-origin");
        }
        assertThat(at(edge, "POST", "/v1/namespaces", "{\"title\":\"more\"}").code())
                .isEqualTo("not-kept");
    }

    @Test
    void aNamespaceMadeAtTheOriginIsThereSoon() throws Exception {
        origin.namespace("later");
        RunningServer.await(() -> {
            try {
                return at(edge, "GET", "/v1/namespaces/later", null).status() == 200;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }
}
