package dev.holdfast.integration.engines;

import dev.holdfast.client.Answer;
import dev.holdfast.client.HoldfastException;
import dev.holdfast.client.Namespace;
import dev.holdfast.client.ReadMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntConsumer;

/**
 * Readers and writers on one client. Each key has one writer, which writes rising numbers; so who reads a number below the one that was
 * acknowledged before the read began was given an old value. A writer that is told that nobody knows what became of its write reads the key
 * and, if it must, writes it again, as who uses the client is told to.
 */
final class ClientLoad {
    private static final int WORKERS = 8;
    private static final int KEYS_EACH = 10;
    private static final double READS = 0.7;
    private static final long PAUSE_MILLIS = 10;
    private static final int TRIES = 3;

    private final Namespace namespace;
    private final String prefix;
    private final AtomicLongArray acknowledged = new AtomicLongArray(WORKERS * KEYS_EACH);
    private final long[] written = new long[WORKERS * KEYS_EACH];
    private final List<Thread> workers = new ArrayList<>();
    private final Queue<String> failed = new ConcurrentLinkedQueue<>();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final LongAdder reads = new LongAdder();
    private final LongAdder writes = new LongAdder();
    private final LongAdder unknown = new LongAdder();
    private final LongAccumulator slowest = new LongAccumulator(Math::max, 0);
    private volatile boolean stopped;

    /** @param prefix of its keys, which nobody else has written */
    ClientLoad(Namespace namespace, String prefix) {
        this.namespace = namespace;
        this.prefix = prefix;
    }

    /** Writes each key once, and goes on reading and writing. A key that is nowhere need not be answered for in an outage. */
    void start() throws InterruptedException {
        all(worker -> {
            for (int i = 0; i < KEYS_EACH; i++) {
                write(worker * KEYS_EACH + i);
            }
        });
        join();
        stopped = false;
        all(this::work);
    }

    void stop() throws InterruptedException {
        stopped = true;
        join();
    }

    private void all(IntConsumer work) {
        for (int i = 0; i < WORKERS; i++) {
            int worker = i;
            workers.add(Thread.ofVirtual().start(() -> work.accept(worker)));
        }
    }

    private void join() throws InterruptedException {
        for (Thread worker : workers) {
            worker.join();
        }
        workers.clear();
    }

    private void work(int worker) {
        SplittableRandom random = new SplittableRandom(worker);
        try {
            while (!stopped) {
                long begin = System.nanoTime();
                if (random.nextDouble() < READS) {
                    read(
                            random.nextInt(acknowledged.length()),
                            random.nextBoolean() ? ReadMode.NEAR : ReadMode.CONFIRMED);
                } else {
                    write(worker * KEYS_EACH + random.nextInt(KEYS_EACH));
                }
                slowest.accumulate((System.nanoTime() - begin) / 1_000_000);
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error bug) {
            failed.add("a worker broke: " + bug);
        }
    }

    private String key(int number) {
        return prefix + "-" + number;
    }

    private void read(int key, ReadMode mode) {
        long floor = acknowledged.get(key);
        try {
            Answer answer = namespace.get(key(key), mode);
            reads.increment();
            check(key, floor, answer, mode.name());
        } catch (HoldfastException e) {
            failed.add("read: " + e.code() + ": " + e.getMessage());
        }
    }

    private void check(int key, long floor, Answer answer, String how) {
        long seen = number(answer);
        if (seen < floor) {
            wrong.add(key(key) + " answered " + seen + ", though " + floor + " was acknowledged (" + how + ", "
                    + answer.freshness() + ")");
        }
    }

    /** @return 0 for none */
    private static long number(Answer answer) {
        return answer.text().map(Long::parseLong).orElse(0L);
    }

    private void write(int key) {
        long number = ++written[key];
        try {
            put(key, number);
            acknowledged.set(key, number);
            writes.increment();
        } catch (HoldfastException e) {
            failed.add("write: " + e.code() + ": " + e.getMessage());
        }
    }

    private void put(int key, long number) {
        for (int i = 1; ; i++) {
            try {
                namespace.put(key(key), Long.toString(number));
                return;
            } catch (HoldfastException.UnknownOutcome e) {
                unknown.increment();
                if (number(namespace.get(key(key), ReadMode.CONFIRMED)) == number) {
                    return;
                }
                if (i == TRIES) {
                    throw e;
                }
            }
        }
    }

    /** What each key holds must be at least what was acknowledged; asked of one server, with its providers. */
    void readBack(Namespace at) {
        for (int key = 0; key < acknowledged.length(); key++) {
            check(key, acknowledged.get(key), at.get(key(key), ReadMode.FRESH), "read back");
        }
    }

    List<String> failed() {
        return List.copyOf(failed);
    }

    List<String> wrong() {
        return List.copyOf(wrong);
    }

    @Override
    public String toString() {
        return reads.sum() + " reads, " + writes.sum() + " writes, " + unknown.sum()
                + " of which had to be looked at again, slowest " + slowest.get() + " ms, " + failed.size()
                + " failed, " + wrong.size() + " old or lost";
    }
}
