package dev.holdfast.server.main;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.server.main.RunningServer.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class RampsTest {
    private static final Map<String, String> FAST = Map.of("ramp.look", "100ms", "ramp.calm", "200ms");
    private static final Map<String, String> SLOW = Map.of("ramp.look", "100ms", "ramp.calm", "1h");

    @TempDir
    Path data;

    private RunningServer server;

    @BeforeEach
    void start() throws Exception {
        open(FAST);
        server.namespace("shop");
        server.namespace("bulk");
        server.data("PATCH", "/v1/namespaces/bulk", "{\"tier\":3}");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void open(Map<String, String> settings) throws Exception {
        server = new RunningServer(data, settings);
    }

    private JsonNode ramp() throws IOException {
        return server.admin("GET", "/v1/ramp", null).json().get("ramp");
    }

    private String phase() {
        try {
            return ramp().get("phase").asString();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String gate(String namespace) throws IOException {
        return server.admin("GET", "/v1/gates/" + namespace, null)
                .json()
                .get("gate")
                .asString();
    }

    @Test
    void aRampOpensWhatIsShutWithEveryProviderDead() throws Exception {
        server.fault("a", "blackhole");
        server.fault("b", "blackhole");
        server.admin("PUT", "/v1/gates/shop", "{\"gate\":\"stale-only\"}");
        assertThat(ramp().isNull()).isTrue();
        Reply begun = server.admin("POST", "/v1/ramp", "{\"why\":\"a test\"}");
        assertThat(begun.status()).isEqualTo(200);
        assertThat(begun.json().get("kept").asBoolean()).isTrue();
        RunningServer.await(() -> phase().equals("done"));
        assertThat(gate("shop")).isEqualTo("open");
        assertThat(ramp().get("history")
                        .valueStream()
                        .map(event -> event.get("kind").asString()))
                .startsWith("begun", "step")
                .endsWith("step", "done");
        assertThat(Files.readString(data.resolve("audit.log")))
                .contains("\"ramp.start\",\"target\":\"Begun")
                .contains("\"ramp.step\",\"target\":\"Wave 2 of 2 is opened to 25 %");
    }

    @Test
    void aPlanChangesNothing() throws Exception {
        JsonNode plan = server.admin("POST", "/v1/ramp/plan", "{\"all\":true}").json();
        assertThat(plan.get("shuts").asInt()).isEqualTo(2);
        assertThat(plan.get("waves")
                        .valueStream()
                        .map(wave -> wave.get("namespaces").size()))
                .containsExactly(0, 1, 1);
        // A look, and twice four steps.
        assertThat(plan.get("takes_ms").asLong()).isEqualTo(1_700);
        assertThat(gate("shop")).isEqualTo("open");
        assertThat(ramp().isNull()).isTrue();
    }

    @Test
    void aRampIsLedByPeopleAndSurvivesARestart() throws Exception {
        server.close();
        open(SLOW);
        server.admin("POST", "/v1/ramp", "{\"all\":true}");
        assertThat(gate("shop")).isEqualTo("stale-only");
        assertThat(server.admin("POST", "/v1/ramp/pause", "{}")
                        .json()
                        .get("phase")
                        .asString())
                .isEqualTo("paused");
        server.admin("POST", "/v1/ramp/override", "{}");
        String opened = gate("shop");
        assertThat(opened).isIn("1%", "5%");
        server.close();
        open(SLOW);
        assertThat(phase()).isEqualTo("paused");
        assertThat(gate("shop")).isEqualTo(opened);
        assertThat(server.admin("GET", "/v1/status", null)
                        .json()
                        .at("/admission/ramp")
                        .asString())
                .isEqualTo("paused");
        assertThat(server.admin("GET", "/metrics", null).text())
                .contains("holdfast_ramp_under_way 1.0")
                .contains("holdfast_ramp_paused 1.0")
                .contains("holdfast_ramp_wave 2.0");
        server.admin("POST", "/v1/ramp/resume", "{}");
        server.admin("POST", "/v1/ramp/skip", "{\"wave\":3}");
        server.admin("PUT", "/v1/gates/shop", "{\"gate\":\"open\"}");
        assertThat(ramp().get("by_hand").get(0).get("title").asString()).isEqualTo("shop");
        JsonNode ended = server.admin("POST", "/v1/ramp/abort", "{}").json();
        assertThat(ended.get("phase").asString()).isEqualTo("aborted");
        assertThat(gate("bulk")).isEqualTo("stale-only");
        assertThat(gate("shop")).isEqualTo("open");
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/ramp, {}, nothing-to-open",
        "/v1/ramp, '{\"namespaces\":[\"nowhere\"]}', namespace-not-found",
        "/v1/ramp, '{\"al\":true}', bad-field",
        "/v1/ramp/plan, '{\"namespaces\":\"shop\"}', bad-field",
        "/v1/ramp/pause, {}, ramp-not-under-way",
        "/v1/ramp/skip, '{\"wave\":0}', bad-field",
        "/v1/ramp/hurry, {}, no-such-action"
    })
    void whatCannotBeIsRefusedAndChangesNothing(String path, String body, String code) throws Exception {
        assertThat(server.admin("POST", path, body).code()).isEqualTo(code);
        assertThat(ramp().isNull()).isTrue();
        assertThat(gate("shop")).isEqualTo("open");
    }

    @Test
    void aSecondRampIsRefusedWhileOneIsUnderWay() throws Exception {
        server.close();
        open(SLOW);
        server.admin("POST", "/v1/ramp", "{\"all\":true}");
        assertThat(server.admin("POST", "/v1/ramp", "{\"all\":true}").code()).isEqualTo("ramp-under-way");
        assertThat(server.admin("POST", "/v1/ramp/skip", "{\"wave\":9}").code()).isEqualTo("no-such-wave");
        assertThat(server.admin("POST", "/v1/ramp/resume", "{}").code()).isEqualTo("ramp-not-under-way");
    }

    @Test
    void onlyWhoMayAdministerAllLeadsRamps() throws Exception {
        String token = server.token("*", "read", "write", "list");
        assertThat(server.send(server.adminPort(), token, "GET", "/v1/ramp", null)
                        .status())
                .isEqualTo(403);
        assertThat(server.send(server.adminPort(), token, "POST", "/v1/ramp", "{\"all\":true}")
                        .status())
                .isEqualTo(403);
        assertThat(ramp().isNull()).isTrue();
    }
}
