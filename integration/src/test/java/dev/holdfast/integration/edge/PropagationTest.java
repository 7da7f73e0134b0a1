package dev.holdfast.integration.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.http.Reply;
import dev.holdfast.integration.harness.HoldfastServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How soon a write at the origin is what edges answer with, and whether one is ever missed. */
class PropagationTest {
    private static final boolean LONG = Boolean.getBoolean("long");
    private static final int EDGES = LONG ? 8 : 3;
    /** A multiple of the writers, each of which has keys of its own. */
    private static final int KEYS = 400;

    private static final int CHANGES_A_SECOND = 200;
    private static final long MEASURED_NANOS = (LONG ? 60L : 10L) * 1_000_000_000;
    /** Looking at each change at each edge would be most of the load. */
    private static final int LOOKED_AT = 10;

    private static final long MISSED_NANOS = 30_000_000_000L;
    private static final int AT_SATURATION = LONG ? 1_000_000 : 20_000;
    private static final int WRITERS = 16;

    @TempDir
    private Path directory;

    private final AtomicLongArray written = new AtomicLongArray(KEYS);
    private final ConcurrentLinkedQueue<Long> delays = new ConcurrentLinkedQueue<>();
    private String namespace;

    @Test
    void aWriteIsVisibleAtEveryEdgeAtOnceAndAfterACutSoonAgain() throws Exception {
        try (Fleet fleet = fleet()) {
            long slow = steadily(fleet);
            long returned = cutOff(fleet);
            assertThat(slow).as("changes not seen within 30 s").isZero();
            assertThat(returned)
                    .as("ms until an edge that was cut off had caught up")
                    .isLessThan(10_000);
        }
    }

    @Test
    void noChangeIsEverMissedHoweverFastTheyComeAndWhateverIsCut() throws Exception {
        try (Fleet fleet = fleet()) {
            assertThat(saturated(fleet))
                    .as("keys of which an edge has not the last version")
                    .isZero();
        }
    }

    /** Every edge has every key. */
    private Fleet fleet() throws Exception {
        // So long that nothing but the feed renews what an edge has.
        Fleet fleet = new Fleet(directory, EDGES, Map.of("HOLDFAST_CACHE_TTL", "30d"));
        namespace = fleet.origin.makeNamespace("propagation");
        for (int key = 0; key < KEYS; key++) {
            write(fleet.origin, key);
        }
        readEverythingOnce(fleet);
        return fleet;
    }

    /** By one writer for each key at a time, so that the last number is the last version. */
    private long write(HoldfastServer origin, int key) {
        long number = written.get(key) + 1;
        Fleet.put(origin, Fleet.value(namespace, "k" + key), Long.toString(number));
        written.set(key, number);
        return number;
    }

    private long read(HoldfastServer edge, int key) {
        Reply reply = edge.store().get(Fleet.value(namespace, "k" + key));
        return reply.ok() ? Long.parseLong(new String(reply.body(), StandardCharsets.UTF_8)) : -1;
    }

    private void readEverythingOnce(Fleet fleet) {
        for (HoldfastServer edge : fleet.edges) {
            for (int key = 0; key < KEYS; key++) {
                assertThat(read(edge, key)).isEqualTo(written.get(key));
            }
        }
    }

    private long steadily(Fleet fleet) throws InterruptedException {
        AtomicLong slow = new AtomicLong();
        long questions = misses(fleet);
        long begin = System.nanoTime();
        List<Thread> writers = new ArrayList<>();
        LongAdder changes = new LongAdder();
        try (var lookers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int w = 0; w < WRITERS; w++) {
                int first = w;
                writers.add(Thread.ofVirtual().start(() -> {
                    // Each writes when it is its turn, however long the one before took.
                    for (int change = first; ; change += WRITERS) {
                        long turn = change * (1_000_000_000L / CHANGES_A_SECOND);
                        pause(Math.max(0, begin + turn - System.nanoTime()) / 1_000_000);
                        if (System.nanoTime() - begin > MEASURED_NANOS) {
                            return;
                        }
                        int key = change % KEYS;
                        long at = System.nanoTime();
                        long number = write(fleet.origin, key);
                        changes.increment();
                        if (change / WRITERS % LOOKED_AT == 0) {
                            fleet.edges.forEach(edge -> lookers.submit(() -> look(edge, key, number, at, slow)));
                        }
                    }
                }));
            }
            for (Thread writer : writers) {
                writer.join();
            }
        }
        Long[] sorted = delays.toArray(Long[]::new);
        Arrays.sort(sorted);
        System.out.printf(
                "propagation: %,d changes in %d s (%d a second) to %d edges; from the beginning of the write to the"
                        + " first answer with it, %,d looked at: p50 %.1f ms, p99 %.1f ms, max %.1f ms; %d questions to"
                        + " the origin meanwhile%n",
                changes.sum(),
                MEASURED_NANOS / 1_000_000_000,
                changes.sum() * 1_000_000_000 / MEASURED_NANOS,
                EDGES,
                sorted.length,
                sorted[sorted.length / 2] / 1e6,
                sorted[sorted.length * 99 / 100] / 1e6,
                sorted[sorted.length - 1] / 1e6,
                misses(fleet) - questions);
        return slow.get();
    }

    private static long misses(Fleet fleet) {
        return (long) fleet.edges.stream()
                .mapToDouble(edge -> Fleet.metric(edge, "holdfast_cache_misses_total"))
                .sum();
    }

    private void look(HoldfastServer edge, int key, long number, long at, AtomicLong slow) {
        while (read(edge, key) < number) {
            if (System.nanoTime() - at > MISSED_NANOS) {
                slow.incrementAndGet();
                return;
            }
            pause(2);
        }
        delays.add(System.nanoTime() - at);
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long cutOff(Fleet fleet) throws InterruptedException {
        HoldfastServer edge = fleet.edges.getFirst();
        fleet.wires.getFirst().cut(true);
        for (int i = 0; i < KEYS; i++) {
            write(fleet.origin, i);
        }
        long before = read(edge, 0);
        fleet.wires.getFirst().cut(false);
        long begin = System.nanoTime();
        while (behind(edge) > 0 && System.nanoTime() - begin < MISSED_NANOS) {
            pause(20);
        }
        long millis = (System.nanoTime() - begin) / 1_000_000;
        System.out.printf(
                "cut off: the edge went on with %d where %d was written, and had caught up with all %d changes %d ms"
                        + " after it was back%n",
                before, written.get(0), KEYS, millis);
        return millis;
    }

    private long behind(HoldfastServer edge) {
        long behind = 0;
        for (int key = 0; key < KEYS; key++) {
            behind += read(edge, key) == written.get(key) ? 0 : 1;
        }
        return behind;
    }

    private long saturated(Fleet fleet) throws InterruptedException {
        AtomicLong left = new AtomicLong(AT_SATURATION);
        AtomicBoolean done = new AtomicBoolean();
        Thread cutter = Thread.ofVirtual().start(() -> cutAtRandom(fleet, done));
        long begin = System.nanoTime();
        List<Thread> writers = new ArrayList<>();
        for (int w = 0; w < WRITERS; w++) {
            int first = w;
            writers.add(Thread.ofVirtual().start(() -> {
                for (int key = first; left.getAndDecrement() > 0; key = (key + WRITERS) % KEYS) {
                    Fleet.put(
                            fleet.origin,
                            Fleet.value(namespace, "k" + key),
                            Long.toString(written.incrementAndGet(key)));
                }
            }));
        }
        for (Thread writer : writers) {
            writer.join();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        done.set(true);
        cutter.join();
        long deadline = System.nanoTime() + MISSED_NANOS;
        long missed = 0;
        for (HoldfastServer edge : fleet.edges) {
            while (behind(edge) > 0 && System.nanoTime() < deadline) {
                pause(50);
            }
            missed += behind(edge);
        }
        System.out.printf(
                "saturated: %,d changes in %.0f s (%,.0f a second) with wires cut at random, %d edges: %d keys missed;"
                        + " %.0f changes heard, %.0f gaps%n",
                AT_SATURATION,
                seconds,
                AT_SATURATION / seconds,
                EDGES,
                missed,
                sum(fleet, "holdfast_cache_changes_total"),
                sum(fleet, "holdfast_cache_gaps_total"));
        return missed;
    }

    private static double sum(Fleet fleet, String metric) {
        return fleet.edges.stream()
                .mapToDouble(edge -> Fleet.metric(edge, metric))
                .sum();
    }

    private static void cutAtRandom(Fleet fleet, AtomicBoolean done) {
        SplittableRandom random = new SplittableRandom(11);
        while (!done.get()) {
            Wire wire = fleet.wires.get(random.nextInt(fleet.wires.size()));
            wire.cut(true);
            pause(random.nextLong(20, 400));
            wire.cut(false);
            pause(random.nextLong(20, 600));
        }
    }
}
