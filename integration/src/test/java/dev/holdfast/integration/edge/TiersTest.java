package dev.holdfast.integration.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.http.Reply;
import dev.holdfast.integration.harness.HoldfastServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An origin, an edge before it, and an edge before that, each a process. */
class TiersTest {
    private static final int CHANGES = 200;
    private static final long AWAITED_NANOS = Duration.ofSeconds(15).toNanos();

    @TempDir
    private Path directory;

    private HoldfastServer origin;
    private HoldfastServer near;
    private HoldfastServer far;
    private String values;

    @BeforeEach
    void serve() throws Exception {
        origin = new HoldfastServer(directory.resolve("origin"));
        near = new HoldfastServer(directory.resolve("near"));
        far = new HoldfastServer(directory.resolve("far"));
        origin.start();
        values = "/v1/namespaces/" + origin.makeNamespace("tiers") + "/values/";
        near.asEdgeOf(origin).start();
        // So long that nothing but the feed renews what it has.
        far.with(Map.of("HOLDFAST_CACHE_TTL", "30d")).asEdgeOf(near).start();
    }

    @AfterEach
    void stop() {
        far.close();
        near.close();
        origin.close();
    }

    private void write(String key, String value) {
        origin.store().require(origin.store().call("PUT", values + key, Map.of(), BodyPublishers.ofString(value)));
    }

    private String read(String key) {
        Reply reply = far.store().get(values + key);
        return reply.ok() ? new String(reply.body(), StandardCharsets.UTF_8) : "";
    }

    /** @return how long it took, in milliseconds */
    private double await(String key, String value) throws InterruptedException {
        long begin = System.nanoTime();
        while (!read(key).equals(value)) {
            assertThat(System.nanoTime() - begin).as("ns without " + value).isLessThan(AWAITED_NANOS);
            Thread.sleep(1);
        }
        return (System.nanoTime() - begin) / 1e6;
    }

    private static double misses(HoldfastServer edge) {
        return Fleet.metric(edge, "holdfast_cache_misses_total");
    }

    @Test
    void everyChangeComesToTheFarEdgeWithoutAnybodyAskingForIt() throws Exception {
        followed();
        double asked = misses(far) + misses(near);
        double[] millis = change(CHANGES, "change");
        Arrays.sort(millis);
        System.out.printf(
                "tiers: %d changes, from the end of the write until an edge before an edge answers with it: p50 %.1f"
                        + " ms, p99 %.1f ms%n",
                CHANGES, millis[CHANGES / 2], millis[CHANGES * 99 / 100]);
        assertThat(misses(far) + misses(near) - asked).as("questions").isZero();
    }

    /** Until both edges have begun to follow: what they know from before that they ask for again. */
    private void followed() throws InterruptedException {
        double before = -1;
        for (int round = 0; before != misses(far) + misses(near); round++) {
            assertThat(round).as("rounds with questions").isLessThan(100);
            before = misses(far) + misses(near);
            change(50, "round " + round);
        }
    }

    /** @return how long each change took to come to the far edge, in milliseconds */
    private double[] change(int times, String what) throws InterruptedException {
        double[] millis = new double[times];
        for (int i = 0; i < times; i++) {
            String value = what + " " + i;
            write("k", value);
            millis[i] = await("k", value);
        }
        return millis;
    }

    @Test
    void whatIsChangedWhileTheEdgeInBetweenIsDeadIsNotMissed() throws Exception {
        write("k", "before");
        write("other", "before");
        await("k", "before");
        await("other", "before");
        near.kill();
        write("k", "meanwhile");
        assertThat(read("k")).as("the last known good").isEqualTo("before");
        near.start();
        await("k", "meanwhile");
        write("other", "after");
        await("other", "after");
        origin.kill();
        assertThat(read("k")).as("with the origin dead").isEqualTo("meanwhile");
        near.kill();
        far.kill();
        far.start();
        assertThat(read("k")).as("with all of them dead, and started anew").isEqualTo("meanwhile");
    }
}
