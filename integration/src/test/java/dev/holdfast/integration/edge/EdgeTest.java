package dev.holdfast.integration.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.http.Reply;
import dev.holdfast.integration.harness.HoldfastServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An origin and two edges before it, each a process. */
class EdgeTest {
    /** A change is told at once; the rest is for a machine that is busy. */
    private static final Duration HEARD_WITHIN = Duration.ofSeconds(1);

    private static final Duration AWAITED = Duration.ofSeconds(15);
    private static final int WRITES = 50;

    @TempDir
    private Path directory;

    private HoldfastServer origin;
    private HoldfastServer one;
    private HoldfastServer two;
    private String values;

    @BeforeEach
    void serve() throws Exception {
        origin = new HoldfastServer(directory.resolve("origin"));
        one = new HoldfastServer(directory.resolve("one"));
        two = new HoldfastServer(directory.resolve("two"));
        origin.start();
        values = "/v1/namespaces/" + origin.makeNamespace("edge") + "/values/";
        one.asEdgeOf(origin).start();
        two.asEdgeOf(origin).start();
    }

    @AfterEach
    void stop() {
        two.close();
        one.close();
        origin.close();
    }

    private Reply write(HoldfastServer through, String key, String value) {
        Reply reply = through.store().call("PUT", values + key, Map.of(), BodyPublishers.ofString(value));
        return through.store().require(reply);
    }

    private Reply read(HoldfastServer through, String key, String session) {
        Map<String, String> headers = session.isEmpty() ? Map.of() : Map.of("Holdfast-Session", session);
        return through.store().call("GET", values + key, headers, BodyPublishers.noBody());
    }

    private static String text(Reply reply) {
        return new String(reply.body(), StandardCharsets.UTF_8);
    }

    private static String cacheStatus(Reply reply) {
        return reply.header("cf-cache-status").orElse("");
    }

    private static long misses(HoldfastServer edge) {
        return edge.control()
                .require(edge.control().get("/v1/status"))
                .json()
                .at("/cache/counters/misses")
                .asLong();
    }

    private static Duration await(BooleanSupplier condition) throws InterruptedException {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(AWAITED);
            Thread.sleep(5);
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    @Test
    void edgesHearOfChangesShowWritesAndOutliveTheOrigin() throws Exception {
        write(origin, "k", "at the origin");
        assertThat(text(read(one, "k", ""))).isEqualTo("at the origin");
        long asked = misses(one);
        write(origin, "k", "again");
        Duration heard = await(() -> text(read(one, "k", "")).equals("again"));
        assertThat(misses(one)).as("questions for what was heard of").isEqualTo(asked);
        System.out.println("a change was seen at the edge after " + heard.toMillis() + " ms");
        assertThat(heard).isLessThan(HEARD_WITHIN);

        for (int i = 0; i < WRITES; i++) {
            String value = "write " + i;
            String session = write(one, "k", value).header("holdfast-session").orElseThrow();
            assertThat(text(read(one, "k", ""))).as("through the same edge").isEqualTo(value);
            assertThat(text(read(two, "k", session))).as("through another edge").isEqualTo(value);
            assertThat(text(read(origin, "k", session))).as("at the origin").isEqualTo(value);
        }

        write(one, "gone", "x");
        origin.store().require(origin.store().delete(values + "gone"));
        await(() -> read(one, "gone", "").status() == 404);

        origin.kill();
        withoutOrigin();
        one.kill();
        one.start();
        withoutOrigin();
        assertThat(read(one, "k", "").header("holdfast-source")).hasValue("disk");

        origin.start();
        await(() -> cacheStatus(read(one, "k", "")).equals("HIT"));
        write(origin, "k", "after all that");
        await(() -> text(read(one, "k", "")).equals("after all that"));
        await(() -> text(read(two, "k", "")).equals("after all that"));
    }

    private void withoutOrigin() throws InterruptedException {
        String last = "write " + (WRITES - 1);
        await(() -> cacheStatus(read(one, "k?cache_ttl=0", "")).equals("STALE"));
        Reply known = read(one, "k?cache_ttl=0", "");
        assertThat(text(known)).isEqualTo(last);
        assertThat(known.header("holdfast-confirmed")).hasValue("false");
        assertThat(known.numberHeader("age")).isPresent();
        assertThat(read(one, "unknown", "").status()).isEqualTo(503);
        assertThat(read(one, "gone?cache_ttl=0", "").status())
                .as("a deleted key")
                .isIn(404, 503);
        Reply refused = one.store().call("PUT", values + "k", Map.of(), BodyPublishers.ofString("lost"));
        assertThat(refused.status()).isEqualTo(503);
        assertThat(text(read(one, "k?cache_ttl=0", ""))).isEqualTo(last);
    }
}
