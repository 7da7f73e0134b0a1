package dev.holdfast.integration.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.integration.harness.HoldfastServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every cache is empty at once, and everybody wants the same. */
class StampedeTest {
    private static final boolean LONG = Boolean.getBoolean("long");
    private static final int EDGES = LONG ? 8 : 3;
    private static final int KEYS = LONG ? 10_000 : 2_000;
    /** Each asks for every key, in an order of its own. */
    private static final int READERS = 4;

    private static final String ASKED = "holdfast_store_reads_total";

    @TempDir
    private Path directory;

    @Test
    void anOriginIsAskedForAKeyOnceByEachEdgeHoweverManyWantIt() throws Exception {
        try (Fleet fleet = new Fleet(directory, EDGES, Map.of())) {
            String namespace = fleet.origin.makeNamespace("stampede");
            for (int i = 0; i < KEYS; i++) {
                Fleet.put(fleet.origin, Fleet.value(namespace, "k" + i), "value " + i);
            }
            double before = reads(fleet.origin);
            double askedBefore = Fleet.metric(fleet.origin, ASKED);
            LongAdder failed = new LongAdder();
            Peak peak = new Peak(fleet.origin);
            long cold = storm(fleet, namespace, failed);
            double highest = peak.end();
            double reached = reads(fleet.origin) - before;
            Peak steady = new Peak(fleet.origin);
            long warm = storm(fleet, namespace, failed);
            double steadily = steady.end();
            System.out.printf(
                    "stampede: %d edges, %,d keys, %,d reads in %d ms with cold caches (%d ms with warm ones); %,.0f"
                            + " reached the origin, %.2f a key; at most %,.0f a second, with warm caches %,.0f; %,.0f"
                            + " reached its providers; %d failed%n",
                    EDGES,
                    KEYS,
                    (long) EDGES * READERS * KEYS,
                    cold,
                    warm,
                    reached,
                    reached / KEYS,
                    highest,
                    steadily,
                    Fleet.metric(fleet.origin, ASKED) - askedBefore,
                    failed.sum());
            assertThat(failed.sum()).as("failed reads").isZero();
            // An origin that has no time to answer is asked again after half of the time that a question has.
            double again = 0;
            for (HoldfastServer edge : fleet.edges) {
                again += Fleet.metric(edge, "holdfast_origins_retries_total");
            }
            assertThat(again).as("asked again").isLessThanOrEqualTo(0.1 * EDGES * KEYS);
            assertThat(reached).as("questions that reached the origin").isLessThanOrEqualTo(EDGES * KEYS + again);
        }
    }

    /** All reads of values that came to a server; whoever is not answered by its cache has missed it. */
    private static double reads(HoldfastServer server) {
        return Fleet.metric(server, "holdfast_cache_hits_total") + Fleet.metric(server, "holdfast_cache_misses_total");
    }

    private static long storm(Fleet fleet, String namespace, LongAdder failed) throws InterruptedException {
        long begin = System.nanoTime();
        List<Thread> threads = new ArrayList<>();
        for (HoldfastServer edge : fleet.edges) {
            for (int reader = 0; reader < READERS; reader++) {
                List<Integer> order = new ArrayList<>();
                for (int i = 0; i < KEYS; i++) {
                    order.add(i);
                }
                Collections.shuffle(order, new Random(reader));
                threads.add(Thread.ofVirtual()
                        .start(() -> order.forEach(key -> {
                            if (!edge.store()
                                    .get(Fleet.value(namespace, "k" + key))
                                    .ok()) {
                                failed.increment();
                            }
                        })));
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return (System.nanoTime() - begin) / 1_000_000;
    }

    /** The most requests a second that a server answered, by looking at it four times a second. */
    private static final class Peak {
        private final AtomicBoolean over = new AtomicBoolean();
        private final Thread looker;
        private volatile double highest;

        Peak(HoldfastServer server) {
            looker = Thread.ofVirtual().start(() -> look(server));
        }

        private void look(HoldfastServer server) {
            double before = reads(server);
            long at = System.nanoTime();
            while (!over.get()) {
                pause();
                double now = reads(server);
                long then = System.nanoTime();
                highest = Math.max(highest, (now - before) / (then - at) * 1e9);
                before = now;
                at = then;
            }
        }

        private static void pause() {
            try {
                Thread.sleep(250);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        double end() throws InterruptedException {
            over.set(true);
            looker.join();
            return highest;
        }
    }
}
