package dev.holdfast.integration.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.http.Reply;
import dev.holdfast.integration.harness.HoldfastServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** An edge with a pinned namespace, whose origin is killed, and which is killed itself and started again. */
class PinnedTest {
    private static final int KEYS = 1_500;
    private static final Duration AWAITED = Duration.ofSeconds(60);
    private static final String LARGE = "x".repeat(100_000);

    @TempDir
    private Path directory;

    private HoldfastServer edge;
    private String namespace;
    private String account;

    @Test
    void withTheOriginKilledAndTheEdgeKilledAndStartedNoKeyIsRefusedAndAnAbsentOneIs404() throws Exception {
        try (Fleet fleet = new Fleet(directory, 1, Map.of("HOLDFAST_CACHE_TTL", "2s"))) {
            edge = fleet.edges.getFirst();
            fill(fleet.origin);
            await(() -> pinned().path("state").asString("").equals("whole"));
            assertThat(pinned().path("keys").asInt()).isEqualTo(KEYS);
            Fleet.put(fleet.origin, path("k1"), "changed");
            Fleet.put(fleet.origin, path("new"), LARGE);
            fleet.origin.store().require(fleet.origin.store().delete(path("k2")));
            await(() -> read("k2").status() == 404);
            await(() -> text(read("new")).equals(LARGE));
            assertThat(misses())
                    .as("reads of large values that came before their fetch")
                    .isLessThan(1_000);

            long misses = misses();
            everyKeyIsAnswered();
            assertThat(misses()).as("reads that left the node").isEqualTo(misses);
            assertThat(Fleet.metric(edge, "holdfast_pinned_whole")).isEqualTo(1);
            assertThat(Fleet.metric(edge, "holdfast_pinned_differences_total")).isZero();

            // What was heard last lies on disk after a moment.
            Thread.sleep(2_000);
            fleet.origin.kill();
            everyKeyIsAnswered();
            edge.kill();
            edge.start();
            everyKeyIsAnswered();
            await(() -> read("k5").header("cf-cache-status").orElse("").equals("STALE"));
            everyKeyIsAnswered();
            assertThat(read("k5").header("holdfast-source")).hasValue("pinned");
            assertThat(read("k5").header("holdfast-confirmed")).hasValue("false");

            fleet.origin.start();
            Fleet.put(fleet.origin, path("k3"), "after all that");
            await(() -> text(read("k3")).equals("after all that"));
            await(() -> read("absent").header("cf-cache-status").orElse("").equals("HIT"));
        }
    }

    private void fill(HoldfastServer origin) {
        JsonNode made = origin.store()
                .require(origin.store()
                        .send(
                                "POST",
                                "/v1/namespaces",
                                Json.object().put("title", "flags").put("pinned", true)))
                .json();
        namespace = made.path("id").asString();
        account = made.path("account").asString();
        for (int i = 0; i < KEYS; i++) {
            Fleet.put(origin, path("k" + i), "value of " + i);
        }
    }

    private String path(String key) {
        return Fleet.value(namespace, key);
    }

    private JsonNode status() {
        return edge.control().require(edge.control().get("/v1/status")).json().path("cache");
    }

    private JsonNode pinned() {
        return status().at("/pinned/0");
    }

    private long misses() {
        return status().at("/counters/misses").asLong();
    }

    private Reply read(String key) {
        return edge.store().call("GET", path(key), Map.of(), BodyPublishers.noBody());
    }

    private static String text(Reply reply) {
        return new String(reply.body(), StandardCharsets.UTF_8);
    }

    private void everyKeyIsAnswered() {
        for (int i = 4; i < KEYS; i++) {
            Reply reply = read("k" + i);
            assertThat(reply.status()).isEqualTo(200);
            assertThat(text(reply)).isEqualTo("value of " + i);
        }
        assertThat(text(read("k1"))).isEqualTo("changed");
        assertThat(text(read("new"))).isEqualTo(LARGE);
        for (String gone : new String[] {"k2", "absent"}) {
            assertThat(read(gone).status()).isEqualTo(404);
            Reply compatible = edge.store()
                    .call(
                            "GET",
                            "/client/v4/accounts/" + account + "/storage/kv/namespaces/" + namespace + "/values/"
                                    + gone,
                            Map.of(),
                            BodyPublishers.noBody());
            assertThat(compatible.status()).isEqualTo(404);
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(AWAITED);
            Thread.sleep(20);
        }
    }
}
