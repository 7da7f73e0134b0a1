package dev.holdfast.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.server.main.RunningServer;
import dev.holdfast.server.main.RunningServer.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class AdminDoorTest {
    @TempDir
    static Path data;

    private static RunningServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new RunningServer(data);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void heal() throws Exception {
        server.heal("a");
        server.heal("b");
        RunningServer.await(() -> is("a", "current") && is("b", "current"));
    }

    @Test
    void healthAndReadinessNeedNoToken() throws Exception {
        Reply health = open("/healthz");
        assertThat(health.status()).isEqualTo(200);
        assertThat(health.json().get("status").asString()).isEqualTo("ok");
        Reply ready = open("/readyz");
        assertThat(ready.status()).isEqualTo(200);
        assertThat(ready.json().get("status").asString()).isEqualTo("ready");
        assertThat(ready.json().get("reasons")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/v1/status",
        "GET,/v1/providers",
        "GET,/v1/providers/a",
        "GET,/v1/providers/a/fault",
        "PUT,/v1/providers/a/fault",
        "POST,/v1/compare",
        "POST,/v1/scrub",
        "GET,/v1/raw/a",
        "GET,/v1/tokens",
        "POST,/v1/tokens",
        "DELETE,/v1/tokens/x",
        "GET,/v1/nodes",
        "DELETE,/v1/nodes/x",
        "POST,/v1/tls",
        "GET,/v1/gates",
        "PUT,/v1/gates/x",
        "GET,/nothing"
    })
    void everythingElseNeedsAnAdminTokenForAllNamespaces(String method, String path) throws Exception {
        String namespace = server.namespace("n" + System.nanoTime());
        assertThat(server.send(server.adminPort(), "", method, path, null).status())
                .isEqualTo(401);
        String reader = server.token("*", "read", "write", "list");
        assertThat(server.send(server.adminPort(), reader, method, path, null).status())
                .isEqualTo(403);
        String oneNamespace = server.token(namespace, "admin");
        assertThat(server.send(server.adminPort(), oneNamespace, method, path, null)
                        .status())
                .isEqualTo(403);
    }

    @Test
    void statusShowsTheWholeStore() throws Exception {
        JsonNode status = server.admin("GET", "/v1/status", null).json();
        assertThat(status.get("can_lose_one").asBoolean()).isTrue();
        assertThat(status.get("reasons")).isNotEmpty();
        assertThat(status.get("providers")).hasSize(2);
        JsonNode a = status.at("/providers/0");
        assertThat(a.get("name").asString()).isEqualTo("a");
        assertThat(a.get("state").asString()).isEqualTo("current");
        assertThat(a.get("since").asLong()).isPositive();
        for (String field : new String[] {
            "domain",
            "why",
            "hints",
            "oldest_hint_age_ms",
            "deadline_us",
            "doing",
            "compared_keys",
            "phase",
            "proven_per_second",
            "bound_per_second",
            "under_way",
            "limit",
            "left_ms",
            "fault"
        }) {
            assertThat(a.has(field)).as(field).isTrue();
        }
        assertThat(status.at("/hints/free_bytes").asLong()).isPositive();
        assertThat(status.at("/counters/writes").asLong()).isPositive();
        assertThat(status.get("counters")).hasSize(15);
        assertThat(status.get("drills").asBoolean()).isTrue();
        assertThat(status.get("account_id").asString()).matches("[0-9a-f]{32}");
        assertThat(status.get("started_at").asLong()).isPositive();
        assertThat(server.admin("GET", "/v1/providers", null).json().get("providers"))
                .hasSize(2);
        assertThat(server.admin("GET", "/v1/providers/c", null).code()).isEqualTo("provider-not-found");
    }

    @Test
    void aFaultIsPutOnShownAndTakenOff() throws Exception {
        Reply put = server.admin("PUT", "/v1/providers/b/fault", """
            {"mode":"slow","rate":0.5,"operations":["get","put"],"delay_ms":7}
            """);
        assertThat(put.status()).isEqualTo(200);
        JsonNode shown =
                server.admin("GET", "/v1/providers/b/fault", null).json().get("fault");
        assertThat(shown.get("mode").asString()).isEqualTo("slow");
        assertThat(shown.get("rate").asDouble()).isEqualTo(0.5);
        assertThat(shown.get("operations").valueStream().map(JsonNode::asString))
                .containsExactly("get", "put");
        assertThat(shown.get("delay_ms").asInt()).isEqualTo(7);
        assertThat(server.admin("GET", "/v1/providers/b", null).json().get("fault"))
                .isEqualTo(shown);

        assertThat(server.admin("DELETE", "/v1/providers/b/fault", null).status())
                .isEqualTo(200);
        assertThat(server.admin("GET", "/v1/providers/b/fault", null)
                        .json()
                        .get("fault")
                        .isNull())
                .isTrue();
        assertThat(Files.readString(data.resolve("audit.log")))
                .contains("fault.set")
                .contains("fault.clear");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"mode\":\"sleepy\"}",
                "{\"mode\":\"error\",\"rate\":0}",
                "{\"mode\":\"error\",\"rate\":2}",
                "{\"mode\":\"error\",\"rate\":\"all\"}",
                "{\"mode\":\"error\",\"operations\":[]}",
                "{\"mode\":\"error\",\"operations\":[\"dance\"]}",
                "{\"mode\":\"slow\",\"delay_ms\":-1}",
                "{\"mode\":\"error\",\"modus\":1}"
            })
    void aBadFaultIsRefusedAndChangesNothing(String body) throws Exception {
        assertThat(server.admin("PUT", "/v1/providers/b/fault", body).status()).isEqualTo(400);
        assertThat(server.admin("GET", "/v1/providers/b/fault", null)
                        .json()
                        .get("fault")
                        .isNull())
                .isTrue();
    }

    @Test
    void everyPageAnswersWithEveryProviderDead() throws Exception {
        server.fault("a", "blackhole");
        server.fault("b", "blackhole");
        RunningServer.await(() -> is("a", "down") && is("b", "down"));
        assertThat(open("/healthz").status()).isEqualTo(200);
        Reply ready = open("/readyz");
        assertThat(ready.status()).isEqualTo(503);
        assertThat(ready.json().get("status").asString()).isEqualTo("not-ready");
        assertThat(ready.json().at("/reasons/0").asString()).isEqualTo("No provider is current.");
        assertThat(server.admin("GET", "/v1/status", null)
                        .json()
                        .get("can_lose_one")
                        .asBoolean())
                .isFalse();
        assertThat(open("/metrics").text()).contains("holdfast_provider_state{provider=\"a\",state=\"down\"} 1.0");
        assertThat(server.token("*", "read")).startsWith("hf_");
        Reply read = server.data("GET", "/v1/namespaces/" + "0".repeat(32) + "/values/k", null);
        assertThat(read.status()).isEqualTo(404);
    }

    @Test
    void readsAndWritesAre503WithEveryProviderDead() throws Exception {
        String namespace = server.namespace("dead");
        String path = "/v1/namespaces/" + namespace + "/values/k";
        server.data("PUT", path, "v");
        server.fault("a", "error");
        server.fault("b", "error");
        RunningServer.await(() -> is("a", "down") && is("b", "down"));
        assertThat(server.data("GET", path, null).text()).isEqualTo("v");
        Reply read = server.data("GET", path + "?mode=confirmed", null);
        assertThat(read.status()).isEqualTo(503);
        assertThat(read.code()).isEqualTo("no-provider");
        assertThat(read.header("Retry-After")).isEqualTo("1");
        Reply write = server.data("PUT", path, "w");
        assertThat(write.status()).isEqualTo(503);
        Reply list = server.data("GET", "/v1/namespaces/" + namespace + "/keys", null);
        assertThat(list.status()).isEqualTo(503);
        Reply delete = server.data("DELETE", "/v1/namespaces/" + namespace + "/keys?prefix=", null);
        assertThat(delete.status()).isEqualTo(503);
        assertThat(delete.code()).isEqualTo("stopped");
        assertThat(delete.json().get("deleted").asInt()).isZero();
        server.heal("a");
        server.heal("b");
        RunningServer.await(() -> is("a", "current") && is("b", "current"));
        assertThat(server.data("GET", path, null).text()).isEqualTo("v");
    }

    @Test
    void aWriteThatAProviderMissesIsHintedAndSaidToBe() throws Exception {
        String namespace = server.namespace("hinted");
        server.fault("b", "error");
        RunningServer.await(() -> is("b", "down"));
        Reply put = server.data("PUT", "/v1/namespaces/" + namespace + "/values/k", "v");
        assertThat(put.status()).isEqualTo(200);
        assertThat(put.json().get("hinted").valueStream().map(JsonNode::asString))
                .containsExactly("b");
        assertThat(put.header("Holdfast-Homes")).contains("a");
        assertThat(server.admin("GET", "/v1/status", null)
                        .json()
                        .at("/hints/depth")
                        .asLong())
                .isPositive();
    }

    @Test
    void comparingIsBegunAndEnds() throws Exception {
        long before = server.admin("GET", "/v1/compare", null)
                .json()
                .get("finished_at")
                .asLong(0);
        Reply asked = server.admin("POST", "/v1/compare", "{}");
        assertThat(asked.status()).isEqualTo(202);
        long number = asked.json().get("next").asLong();
        assertThat(number).isPositive();
        RunningServer.await(() -> get("/v1/compare").json().get("completed").asLong() >= number);
        RunningServer.await(() -> !get("/v1/compare").json().get("running").asBoolean());
        JsonNode after = get("/v1/compare").json();
        assertThat(after.get("next").asLong()).isGreaterThan(number);
        assertThat(after.get("finished_at").asLong(0)).isGreaterThan(before);
        JsonNode pass = get("/v1/compare").json().get("pass");
        assertThat(pass.propertyNames())
                .containsExactlyInAnyOrder(
                        "providers",
                        "compared",
                        "divergent",
                        "repaired",
                        "requests",
                        "bytes_read",
                        "begun_at",
                        "ended_at",
                        "complete");
        assertThat(pass.get("providers").valueStream().map(JsonNode::asString)).containsExactly("a", "b");
        assertThat(pass.get("complete").asBoolean()).isTrue();
        assertThat(pass.get("ended_at").asLong())
                .isGreaterThanOrEqualTo(pass.get("begun_at").asLong());
    }

    @Test
    void scrubbingIsBegunAndEnds() throws Exception {
        assertThat(server.admin("POST", "/v1/scrub", "{}").status()).isEqualTo(202);
        RunningServer.await(() -> !get("/v1/scrub").json().get("running").asBoolean());
        JsonNode scrub = get("/v1/scrub").json();
        assertThat(scrub.get("damaged")).isEmpty();
        assertThat(scrub.at("/since_start/keys").asLong()).isPositive();
        for (JsonNode pass : scrub.get("providers")) {
            assertThat(pass.get("ended_at").asLong())
                    .isGreaterThanOrEqualTo(pass.get("begun_at").asLong());
            assertThat(pass.at("/counts/keys").asLong()).isPositive();
        }
        assertThat(get("/v1/status").json().at("/scrub/beyond_repair").asLong(-1))
                .isZero();
    }

    @Test
    void rawRowsComeFromOneProviderPastAnyFault() throws Exception {
        String namespace = server.namespace("raw");
        String version = server.data("PUT", "/v1/namespaces/" + namespace + "/values/k1", "v")
                .json()
                .get("version")
                .asString();
        server.data("PUT", "/v1/namespaces/" + namespace + "/values/k2", "v");
        server.data("DELETE", "/v1/namespaces/" + namespace + "/values/k2", null);
        server.fault("a", "empty");
        JsonNode page = server.admin("GET", "/v1/raw/a?namespace=" + namespace + "&limit=1", null)
                .json();
        assertThat(page.get("rows")).hasSize(1);
        assertThat(page.at("/rows/0/key").asString()).isEqualTo("k1");
        assertThat(page.at("/rows/0/version").asString()).isEqualTo(version);
        assertThat(page.at("/rows/0/tombstone").asBoolean()).isFalse();
        assertThat(page.at("/rows/0/checksum").asString()).matches("[0-9a-f]{8}");
        JsonNode next = server.admin("GET", "/v1/raw/a?namespace=" + namespace + "&after=k1", null)
                .json();
        assertThat(next.at("/rows/0/key").asString()).isEqualTo("k2");
        assertThat(next.at("/rows/0/tombstone").asBoolean()).isTrue();
        assertThat(next.get("end").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "namespace=x", "namespace=00000000000000000000000000000001&limit=0"})
    void rawRowsOfNowhereAreRefused(String query) throws Exception {
        assertThat(server.admin("GET", "/v1/raw/a?" + query, null).status()).isEqualTo(400);
    }

    @Test
    void aTokenIsMadeListedAndRevoked() throws Exception {
        Reply made = server.admin("POST", "/v1/tokens", """
            {"name":"ci","namespaces":["*"],"permissions":["read","list"],"expires_at":4102444800}
            """);
        assertThat(made.status()).isEqualTo(200);
        String secret = made.json().get("token").asString();
        String id = made.json().get("id").asString();
        assertThat(secret).matches("hf_[A-Za-z0-9_-]{43}");
        assertThat(made.json().get("expires_at").asLong()).isEqualTo(4_102_444_800L);

        Reply listed = server.admin("GET", "/v1/tokens", null);
        assertThat(listed.text()).contains(id).doesNotContain(secret);
        assertThat(server.send(server.dataPort(), secret, "GET", "/v1/namespaces", null)
                        .status())
                .isEqualTo(200);

        assertThat(server.admin("DELETE", "/v1/tokens/" + id, null).status()).isEqualTo(200);
        assertThat(server.send(server.dataPort(), secret, "GET", "/v1/namespaces", null)
                        .status())
                .isEqualTo(401);
        assertThat(server.admin("DELETE", "/v1/tokens/" + id, null).code()).isEqualTo("token-not-found");
        assertThat(Files.readString(data.resolve("audit.log")))
                .contains("token.create")
                .contains("token.revoke")
                .contains(id)
                .doesNotContain(secret);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"name\":\"x\"}",
                "{\"name\":\"x\",\"namespaces\":[],\"permissions\":[\"read\"]}",
                "{\"name\":\"x\",\"namespaces\":[\"*\"],\"permissions\":[]}",
                "{\"name\":\"x\",\"namespaces\":[\"*\"],\"permissions\":[\"fly\"]}",
                "{\"name\":\"x\",\"namespaces\":[\"title\"],\"permissions\":[\"read\"]}",
                "{\"name\":\"x\",\"namespaces\":\"*\",\"permissions\":[\"read\"]}",
                "{\"name\":\"\",\"namespaces\":[\"*\"],\"permissions\":[\"read\"]}",
                "{\"name\":\"x\\n\",\"namespaces\":[\"*\"],\"permissions\":[\"read\"]}",
                "{\"name\":\"x\",\"namespaces\":[\"*\"],\"permissions\":[\"read\"],\"expires_at\":1}",
                "{\"name\":\"x\",\"namespaces\":[\"*\"],\"permissions\":[\"read\"],\"expires\":1}"
            })
    void aBadTokenIsRefused(String body) throws Exception {
        int before =
                server.admin("GET", "/v1/tokens", null).json().get("tokens").size();
        assertThat(server.admin("POST", "/v1/tokens", body).status()).isEqualTo(400);
        assertThat(server.admin("GET", "/v1/tokens", null).json().get("tokens")).hasSize(before);
    }

    @Test
    void metricsAreInPrometheusText() throws Exception {
        server.data("GET", "/v1/namespaces", null);
        Reply metrics = open("/metrics");
        assertThat(metrics.status()).isEqualTo(200);
        assertThat(metrics.header("Content-Type")).startsWith("text/plain");
        assertThat(metrics.text())
                .contains("holdfast_requests_total{door=\"native\",method=\"GET\",status=\"200\"}")
                .contains("holdfast_request_seconds_bucket{door=\"native\",method=\"GET\",le=\"0.001\"}")
                .contains("holdfast_provider_state{provider=\"a\",state=\"current\"} 1.0")
                .contains("holdfast_store_writes_total")
                .contains("holdfast_scrub_keys_total")
                .contains("holdfast_scrub_beyond_repair")
                .contains("holdfast_provider_hints{provider=\"a\"}")
                .contains("holdfast_disk_free_bytes")
                .contains("jvm_memory_used_bytes");
    }

    @Test
    void aClientCannotMakeUpMetricLabels() throws Exception {
        server.data("MAKEUP", "/v1/namespaces", null);
        assertThat(open("/metrics").text()).doesNotContain("MAKEUP").contains("method=\"other\"");
    }

    private static boolean is(String provider, String state) {
        try {
            return server.state(provider).equals(state);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Reply get(String path) {
        try {
            return server.admin("GET", path, null);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Reply open(String path) throws IOException {
        return server.send(server.adminPort(), "", "GET", path, null);
    }
}
