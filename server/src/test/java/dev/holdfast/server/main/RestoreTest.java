package dev.holdfast.server.main;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.server.main.RunningServer.Reply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A restore undoes what was written before it began: what others write at versions of long ago must not look so. */
class RestoreTest {
    @TempDir
    Path folder;

    private RunningServer running(String more) throws Exception {
        Path file = Files.writeString(
                folder.resolve("holdfast.yaml"), "backup:\n  directory: " + folder.resolve("kept") + "\n" + more);
        return new RunningServer(Optional.of(file), folder.resolve("node"), Map.of());
    }

    private static String problem(RunningServer server, String wish) throws Exception {
        Reply begun = server.admin("POST", "/v1/restore", wish);
        assertThat(begun.status()).as(begun.text()).isEqualTo(202);
        RunningServer.await(() -> !restore(server).path("running").asBoolean(true));
        return restore(server).path("problem").asString("");
    }

    private static JsonNode restore(RunningServer server) {
        return server.adminQuietly("GET", "/v1/backups/jobs").json().path("restore");
    }

    private static String wish(String more) {
        return "{\"namespace\":\"room\",\"to\":\"" + Instant.now() + "\"" + more + "}";
    }

    @Test
    void whileAnImportThatKeepsVersionsHasNotEndedNothingIsRestored() throws Exception {
        try (RunningServer server = running("")) {
            server.namespace("room");
            Reply begun = server.data("POST", "/v1/namespaces/room/import", "");
            assertThat(begun.status()).as(begun.text()).isEqualTo(200);
            String id = begun.json().get("import").asString();
            assertThat(problem(server, wish(""))).contains("An import into \"room\"");
            assertThat(server.data("DELETE", "/v1/namespaces/room/import?import=" + id, null)
                            .status())
                    .isLessThan(300);
            assertThat(problem(server, wish(""))).doesNotContain("import");
        }
    }

    @Test
    void whileARestoreIsUnderWayNoImportBeginsThatItWouldUndo() throws Exception {
        try (RunningServer server = running("")) {
            server.namespace("room");
            for (int i = 0; ; i++) {
                // It waits for the archive to have come to this moment.
                assertThat(server.admin("POST", "/v1/restore", wish("")).status())
                        .isEqualTo(202);
                Reply begun = server.data("POST", "/v1/namespaces/room/import", "");
                RunningServer.await(() -> !restore(server).path("running").asBoolean(true));
                if (begun.status() == 409) {
                    assertThat(begun.code()).isEqualTo("restore-under-way");
                    break;
                }
                assertThat(i).as("restores beside which an import could begin").isLessThan(20);
                String id = begun.json().get("import").asString();
                server.data("DELETE", "/v1/namespaces/room/import?import=" + id, null);
            }
            assertThat(server.data("POST", "/v1/namespaces/room/import", "").status())
                    .as("once it is over")
                    .isEqualTo(200);
        }
    }

    @Test
    void whatIsFilledFromAnUpstreamIsNotRestoredNorReadThereByADryRun() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "secret");
        String upstream = """
            upstreams:
              cloudflare:
                namespace: room
                url: http://127.0.0.1:1
                account: a
                source: s
                token: %s
            """.formatted(token);
        try (RunningServer server = running(upstream)) {
            server.namespace("room");
            assertThat(problem(server, wish(",\"dry_run\":true"))).contains("filled from an upstream");
            assertThat(problem(server, wish(""))).contains("filled from an upstream");
        }
    }
}
