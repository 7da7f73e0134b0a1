package dev.holdfast.integration.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.http.Reply;
import dev.holdfast.integration.harness.Awaiting;
import dev.holdfast.integration.harness.CommandLine;
import dev.holdfast.integration.harness.CommandLine.Said;
import dev.holdfast.integration.harness.HoldfastServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** An origin and an edge before it, each a process, whose namespace has a quota that a person sets. */
class QuotaTest {
    private static final int PER_SECOND = 300;
    private static final int SECONDS = 10;
    private static final int CLIENTS = 4;
    private static final Duration KNOWN_WITHIN = Duration.ofSeconds(15);

    @TempDir
    private Path directory;

    @Test
    void whoAsksForMoreGetsTheQuotaAtOriginAndEdgeAndNotOneMore() throws Exception {
        try (HoldfastServer origin = new HoldfastServer(directory.resolve("origin"));
                HoldfastServer edge = new HoldfastServer(directory.resolve("edge"))) {
            origin.start();
            String value = "/v1/namespaces/" + origin.makeNamespace("shop") + "/values/k";
            origin.store().require(origin.store().call("PUT", value, Map.of(), BodyPublishers.ofString("v")));
            edge.asEdgeOf(origin).start();
            CommandLine person = CommandLine.of(origin);
            person.works("namespace", "set", "shop", "--max-requests", PER_SECOND + "/s");
            Awaiting.until(
                    KNOWN_WITHIN,
                    "the edge knows the quota",
                    () -> shop(edge),
                    shop -> shop.path("max_requests").asLong(0) == PER_SECOND);
            for (HoldfastServer server : List.of(origin, edge)) {
                flood(server, value);
            }
            Said list = person.works("quota", "list");
            assertThat(list.text()).contains("shop", Integer.toString(PER_SECOND));
        }
    }

    private static JsonNode shop(HoldfastServer server) {
        JsonNode all =
                server.control().require(server.control().get("/v1/quotas")).json();
        return all.path("namespaces")
                .valueStream()
                .filter(one -> Json.text(one, "title", "").equals("shop"))
                .findFirst()
                .orElseThrow();
    }

    /** As much as a few clients can ask for, which is many times the quota. */
    private static void flood(HoldfastServer server, String value) throws InterruptedException {
        AtomicLong let = new AtomicLong();
        AtomicLong refused = new AtomicLong();
        long before = shop(server).path("let").asLong(0);
        long begin = System.nanoTime();
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            for (int client = 0; client < CLIENTS; client++) {
                clients.execute(() -> {
                    while (System.nanoTime() - begin < SECONDS * 1_000_000_000L) {
                        Reply reply = server.store().get(value);
                        (reply.status() == 429 ? refused : let).incrementAndGet();
                        assertThat(reply.ok() || reply.header("retry-after").isPresent())
                                .isTrue();
                    }
                });
            }
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        assertThat(refused).hasPositiveValue();
        // Those of a second at once, and one; the last answers may have been let in after the time that was taken.
        assertThat((double) let.get()).isBetween(PER_SECOND * (SECONDS - 0.5), PER_SECOND * (seconds + 1) * 1.001 + 1);
        assertThat(shop(server).path("let").asLong(0) - before).isEqualTo(let.get());
    }
}
