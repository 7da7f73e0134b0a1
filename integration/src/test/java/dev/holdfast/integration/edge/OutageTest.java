package dev.holdfast.integration.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.http.Reply;
import dev.holdfast.integration.harness.HoldfastServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The origin and all providers are dead for the whole of the measured time, and the edge is killed in the middle of it. */
class OutageTest {
    private static final boolean LONG = Boolean.getBoolean("long");
    private static final int KEYS = 10_000;
    /** As on the day: so few of the keys take 40 % of the reads. */
    private static final int HOT = 3;

    private static final double HOT_SHARE = 0.4;
    private static final int EXPIRING = 100;
    private static final int READERS = 8;
    private static final long WARM_NANOS = (LONG ? 60L : 20L) * 1_000_000_000;
    private static final long HALF_NANOS = (LONG ? 300L : 25L) * 1_000_000_000;
    /** What the namespace allows; longer than the run. */
    private static final int OLDEST_SECONDS = LONG ? 1_200 : 240;

    @TempDir
    private Path directory;

    private final LongAdder answered = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder expired = new LongAdder();
    private final LongAdder wrong = new LongAdder();
    private final LongAdder unmarked = new LongAdder();
    private final LongAccumulator oldest = new LongAccumulator(Math::max, 0);
    private String namespace;
    private long expiration;

    @Test
    void whatWasKnownIsServedForAsLongAsTheOriginIsGoneThoughTheEdgeIsKilled() throws Exception {
        try (Fleet fleet = new Fleet(directory, 1, Map.of("HOLDFAST_CACHE_TTL", "2s"))) {
            HoldfastServer edge = fleet.edges.getFirst();
            fill(fleet.origin);
            load(edge, WARM_NANOS, true);
            answered.reset();
            fleet.origin.kill();
            load(edge, HALF_NANOS, false);
            edge.kill();
            edge.start();
            load(edge, HALF_NANOS, false);
        }
        double share = (double) answered.sum() / (answered.sum() + refused.sum());
        System.out.printf(
                "outage: %,d reads answered with the last known good, %,d refused: %.2f %% answered; oldest %d s;"
                        + " %d older than allowed, %d expired, %d wrong%n",
                answered.sum(),
                refused.sum(),
                share * 100,
                oldest.get(),
                oldest.get() > OLDEST_SECONDS ? 1 : 0,
                expired.sum(),
                wrong.sum());
        assertThat(wrong.sum()).as("values that were not the last written").isZero();
        assertThat(expired.sum()).as("expired keys served").isZero();
        assertThat(oldest.get()).as("oldest answer, seconds").isLessThanOrEqualTo(OLDEST_SECONDS);
        assertThat(unmarked.sum()).as("old answers that did not say so").isZero();
        assertThat(share).as("share answered").isGreaterThan(0.9);
    }

    private void fill(HoldfastServer origin) throws InterruptedException {
        namespace = origin.makeNamespace("outage");
        origin.store()
                .require(origin.store()
                        .send(
                                "PATCH",
                                "/v1/namespaces/" + namespace,
                                Json.object().put("on_outage", "stale(" + OLDEST_SECONDS + "s)")));
        expiration = System.currentTimeMillis() / 1000 + WARM_NANOS / 1_000_000_000 + 62;
        each(KEYS + EXPIRING, key -> {
            String path = Fleet.value(namespace, "k" + key) + (key >= KEYS ? "?expiration=" + expiration : "");
            Fleet.put(origin, path, content(key));
        });
    }

    private static String content(int key) {
        return ("value of " + key + " ").repeat(30).substring(0, 288);
    }

    private interface Work {
        void of(int number);
    }

    private static void each(int count, Work work) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < READERS; t++) {
            int first = t;
            threads.add(Thread.ofVirtual().start(() -> {
                for (int i = first; i < count; i += READERS) {
                    work.of(i);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void load(HoldfastServer edge, long nanos, boolean healthy) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        SplittableRandom seeds = new SplittableRandom(7);
        List<SplittableRandom> randoms = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            randoms.add(seeds.split());
        }
        each(READERS, reader -> {
            SplittableRandom random = randoms.get(reader);
            while (System.nanoTime() < end) {
                boolean hot = random.nextDouble() < HOT_SHARE;
                int key = hot ? random.nextInt(HOT) : random.nextInt(KEYS + EXPIRING);
                judge(key, read(edge, key), healthy);
            }
        });
    }

    private Reply read(HoldfastServer edge, int key) {
        return edge.store().call("GET", Fleet.value(namespace, "k" + key), Map.of(), BodyPublishers.noBody());
    }

    private void judge(int key, Reply reply, boolean healthy) {
        boolean over = key >= KEYS && System.currentTimeMillis() / 1000 > expiration;
        if (!reply.ok()) {
            if (!over && !healthy) {
                refused.increment();
            }
            return;
        }
        if (over) {
            expired.increment();
        }
        answered.increment();
        if (!new String(reply.body(), StandardCharsets.UTF_8).equals(content(key))) {
            wrong.increment();
        }
        long age = Long.parseLong(reply.header("age").orElse("0"));
        oldest.accumulate(age);
        // The time to live is two seconds: older than that it must say that nobody vouches for it.
        if (age > 3 && !reply.header("holdfast-confirmed").orElse("").equals("false")) {
            unmarked.increment();
        }
    }
}
