package dev.holdfast.server.main;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.server.main.RunningServer.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatesTest {
    @TempDir
    Path data;

    private RunningServer server;
    private String id;

    @BeforeEach
    void start() throws Exception {
        server = new RunningServer(data, Map.of("cache.ttl", "1h"));
        id = server.namespace("shop");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Reply set(String gate) throws IOException {
        return server.admin("PUT", "/v1/gates/shop", "{\"gate\":\"" + gate + "\",\"why\":\"a test\"}");
    }

    private Reply call(String method, String key, String body) throws IOException {
        return server.data(method, "/v1/namespaces/shop/values/" + key, body);
    }

    @Test
    void aStaleOnlyGateAnswersWhatIsKnownAndLetsNothingThrough() throws Exception {
        call("PUT", "k", "1");
        assertThat(set("stale-only").json().get("kept").asBoolean()).isTrue();
        assertThat(call("GET", "k", null).text()).isEqualTo("1");
        Reply unknown = call("GET", "other", null);
        assertThat(unknown.status()).isEqualTo(503);
        assertThat(unknown.code()).isEqualTo("gate");
        assertThat(unknown.text()).contains("a test");
        assertThat(unknown.header("Retry-After")).isEqualTo("5");
        assertThat(call("PUT", "k", "2").code()).isEqualTo("gate");
        assertThat(server.data("GET", "/v1/namespaces/shop/keys", null).code()).isEqualTo("gate");
        set("open");
        assertThat(call("GET", "k", null).text()).isEqualTo("1");
        assertThat(call("GET", "other", null).status()).isEqualTo(404);
        assertThat(call("PUT", "k", "2").status()).isEqualTo(200);
    }

    @Test
    void whatTheHomesSayIsBehindTheGateAsReadsAre() throws Exception {
        call("PUT", "k", "1");
        String path = "/v1/namespaces/shop/explain/k";
        assertThat(server.data("GET", path, null).json().get("homes")).hasSize(2);
        for (String gate : List.of("stale-only", "closed")) {
            set(gate);
            Reply refused = server.data("GET", path, null);
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.code()).isEqualTo("gate");
        }
        set("open");
        assertThat(server.data("GET", path, null).json().get("homes")).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/namespaces/%s/values/k", "/client/v4/accounts/%s/storage/kv/namespaces/%s/values/k"})
    void aClosedGateAnswersNothingThroughAnyDoor(String path) throws Exception {
        String account = Files.readString(data.resolve("account-id")).strip();
        String target = path.startsWith("/client") ? String.format(path, account, id) : String.format(path, id);
        call("PUT", "k", "1");
        assertThat(server.data("GET", target, null).text()).isEqualTo("1");
        set("closed");
        Reply refused = server.data("GET", target, null);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.text()).contains("closed").contains("a test");
        assertThat(refused.header("Retry-After")).isEqualTo("5");
        // What it is called and how it is kept is no key of it.
        assertThat(server.data("GET", "/v1/namespaces/shop", null).status()).isEqualTo(200);
        set("open");
        assertThat(server.data("GET", target, null).text()).isEqualTo("1");
    }

    @Test
    void aShareLetsThatShareOfTheKeysThrough() throws Exception {
        set("25%");
        int through = 0;
        for (int i = 0; i < 200; i++) {
            through += call("PUT", "k" + i, "1").status() == 200 ? 1 : 0;
        }
        assertThat(through).isBetween(25, 75);
    }

    @Test
    void gatesSurviveARestartAndNeedNoProvider() throws Exception {
        call("PUT", "k", "1");
        server.fault("a", "blackhole");
        server.fault("b", "blackhole");
        assertThat(set("closed").json().get("kept").asBoolean()).isTrue();
        String token = server.token;
        server.close();
        server = new RunningServer(data);
        Reply shown = server.send(server.adminPort(), token, "GET", "/v1/gates/" + id, null);
        assertThat(shown.json().get("gate").asString()).isEqualTo("closed");
        assertThat(shown.json().get("why").asString()).isEqualTo("a test");
        assertThat(call("GET", "k", null).code()).isEqualTo("gate");
        assertThat(server.admin("GET", "/v1/gates", null).json().get("gates")).hasSize(1);
        set("open");
        assertThat(call("GET", "k", null).text()).isEqualTo("1");
        assertThat(Files.readString(data.resolve("audit.log")))
                .contains("gate.set")
                .contains("to closed: a test");
    }

    @Test
    void whatIsNoGateIsRefusedAndChangesNothing() throws Exception {
        Reply wrong = set("half");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.text()).contains("open, stale-only, closed");
        assertThat(server.admin("PUT", "/v1/gates/nowhere", "{\"gate\":\"open\"}")
                        .code())
                .isEqualTo("namespace-not-found");
        assertThat(server.admin("GET", "/v1/gates/shop", null)
                        .json()
                        .get("gate")
                        .asString())
                .isEqualTo("open");
    }

    @Test
    void statusAndMetricsShowWhatComesToTheStore() throws Exception {
        set("stale-only");
        call("GET", "other", null);
        var admission = server.admin("GET", "/v1/status", null).json().get("admission");
        assertThat(admission.get("gates").asInt()).isEqualTo(1);
        assertThat(admission.get("kept_out").asLong()).isEqualTo(1);
        assertThat(admission.get("recovering").asBoolean()).isFalse();
        assertThat(server.admin("GET", "/metrics", null).text())
                .contains("holdfast_gates_not_open 1.0")
                .contains("holdfast_admission_kept_out_total 1.0")
                .contains("holdfast_admission_shed_total{tier=\"0\"} 0.0");
    }
}
