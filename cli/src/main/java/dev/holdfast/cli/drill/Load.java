package dev.holdfast.cli.drill;

import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Reply;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpTimeoutException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Workers that read and write as fast as they are answered, and hold every answer against what the key's history allows.
 * Each worker has one request under way, so {@code connections} of them keep that many connections busy.
 */
final class Load {
    /** After a failure, so that a server that refuses at once is not run over. */
    private static final long PAUSE_MILLIS = 10;

    private static final int TRIES_FOR_A_FREE_KEY = 8;
    private static final int TRIES_TO_READ_BACK = 3;
    private static final Map<String, String> OCTETS = Map.of("Content-Type", "application/octet-stream");

    private final DrillConfig config;
    private final Api store;
    private final String values;
    private final Tally tally;
    private final Payload payload;
    private final Zipf zipf;
    private final KeyHistory[] histories;
    private final List<Thread> workers = new ArrayList<>();
    private volatile Phase phase = Phase.BEFORE;
    private volatile boolean stopped;
    private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();

    /** @param values path of the namespace's values, with its slash at the end */
    Load(DrillConfig config, Api store, String values, Tally tally) {
        this.config = config;
        this.store = store;
        this.values = values;
        this.tally = tally;
        this.payload = new Payload(config.valueBytes());
        this.zipf = new Zipf(config.keys());
        this.histories = new KeyHistory[config.keys()];
        for (int key = 0; key < histories.length; key++) {
            histories[key] = new KeyHistory();
        }
    }

    static String name(int key) {
        return "key-" + key;
    }

    void phase(Phase next) {
        phase = next;
    }

    /** Writes every key once. */
    void warm() throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        run("drill-warm-", worker -> {
            for (int key = next.getAndIncrement(); key < histories.length && !stopped; key = next.getAndIncrement()) {
                write(key);
            }
        });
        join();
    }

    void start() {
        SplittableRandom seeds = new SplittableRandom(config.seed());
        List<RandomGenerator> randoms = new ArrayList<>();
        for (int i = 0; i < config.connections(); i++) {
            randoms.add(seeds.split());
        }
        run("drill-", worker -> {
            while (!stopped) {
                one(randoms.get(worker));
            }
        });
    }

    void stop() throws InterruptedException {
        stopped = true;
        join();
    }

    /** Reads every key once more. @return a sentence for each acknowledged write that is not there */
    List<String> readBack() throws InterruptedException {
        List<String> lost = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger next = new AtomicInteger();
        run("drill-read-back-", worker -> {
            for (int key = next.getAndIncrement(); key < histories.length; key = next.getAndIncrement()) {
                String missing = missing(key);
                if (!missing.isEmpty()) {
                    lost.add(missing);
                }
            }
        });
        join();
        return List.copyOf(lost);
    }

    /** Work that ends when the thread is interrupted. */
    private interface Work {
        void run(int worker) throws InterruptedException;
    }

    private void run(String name, Work work) {
        for (int i = 0; i < config.connections(); i++) {
            int worker = i;
            workers.add(Thread.ofVirtual().name(name + i).start(() -> {
                try {
                    work.run(worker);
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                } catch (RuntimeException | Error bug) {
                    broken.compareAndSet(null, bug);
                    stopped = true;
                }
            }));
        }
    }

    private void join() throws InterruptedException {
        for (Thread worker : workers) {
            worker.join();
        }
        workers.clear();
        Throwable bug = broken.get();
        if (bug != null) {
            throw new IllegalStateException("a worker of the drill broke, so its figures mean nothing", bug);
        }
    }

    private void one(RandomGenerator random) throws InterruptedException {
        if (random.nextDouble() >= config.readShare()) {
            for (int i = 0; i < TRIES_FOR_A_FREE_KEY; i++) {
                if (write(zipf.next(random))) {
                    return;
                }
            }
        }
        read(zipf.next(random));
    }

    /** @return false when another worker is writing the key */
    private boolean write(int key) throws InterruptedException {
        KeyHistory history = histories[key];
        if (!history.tryToWrite()) {
            return false;
        }
        try {
            long sequence = history.writeBegins();
            Phase began = phase;
            long start = System.nanoTime();
            boolean ok = write(history, key, sequence);
            tally.write(began, (System.nanoTime() - start) / 1_000, ok);
            if (!ok) {
                Thread.sleep(PAUSE_MILLIS);
            }
        } finally {
            history.writingEnds();
        }
        return true;
    }

    private boolean write(KeyHistory history, int key, long sequence) throws InterruptedException {
        try {
            Reply reply = store.exchange(
                    "PUT", values + name(key), OCTETS, BodyPublishers.ofByteArray(payload.of(key, sequence)));
            OptionalLong version = version(reply);
            if (reply.ok() && version.isPresent()) {
                history.writeAcknowledged(sequence, version.getAsLong());
                return true;
            }
            // 503: nothing has happened, says the server, and it is held to that.
            if (reply.status() == 503) {
                history.writeRefused(sequence);
            } else {
                history.writeInDoubt(sequence);
            }
            tally.failure("write: " + reply.status() + " " + reply.problem().code());
        } catch (IOException broken) {
            history.writeInDoubt(sequence);
            tally.failure("write: " + reason(broken));
        }
        return false;
    }

    private void read(int key) throws InterruptedException {
        KeyHistory history = histories[key];
        KeyHistory.Published floor = history.readBegins();
        Phase began = phase;
        long start = System.nanoTime();
        boolean ok = false;
        try {
            Reply reply = store.exchange("GET", values + name(key), Map.of(), BodyPublishers.noBody());
            ok = reply.ok() || reply.status() == 404;
            if (ok) {
                judge(history, key, floor, reply);
            } else {
                tally.failure("read: " + reply.status() + " " + reply.problem().code());
            }
        } catch (IOException broken) {
            tally.failure("read: " + reason(broken));
        }
        tally.read(began, (System.nanoTime() - start) / 1_000, ok);
        if (!ok) {
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private void judge(KeyHistory history, int key, KeyHistory.Published floor, Reply reply) {
        KeyHistory.Verdict verdict = verdict(history, key, floor, reply);
        if (!verdict.right()) {
            tally.wrong(name(key), verdict);
        } else if (reply.header("holdfast-confirmed").orElse("true").equals("false")) {
            tally.unconfirmed();
        }
    }

    private KeyHistory.Verdict verdict(KeyHistory history, int key, KeyHistory.Published floor, Reply reply) {
        if (reply.status() == 404) {
            return history.absent(floor);
        }
        OptionalLong sequence = payload.sequence(key, reply.body());
        if (sequence.isEmpty()) {
            return KeyHistory.invented("bytes that no write has left");
        }
        OptionalLong version = version(reply);
        return version.isPresent()
                ? history.found(floor, sequence.getAsLong(), version.getAsLong())
                : KeyHistory.invented("a value without its version (no header Holdfast-Version)");
    }

    private String missing(int key) throws InterruptedException {
        KeyHistory history = histories[key];
        KeyHistory.Published newest = history.acknowledged();
        if (newest.sequence() < 0) {
            return "";
        }
        String expected = name(key) + ": write " + newest.sequence() + " was acknowledged, and ";
        String instead = "";
        for (int i = 0; i < TRIES_TO_READ_BACK; i++) {
            try {
                Reply reply =
                        store.exchange("GET", values + name(key) + "?mode=fresh", Map.of(), BodyPublishers.noBody());
                if (reply.ok() || reply.status() == 404) {
                    KeyHistory.Verdict verdict = verdict(history, key, newest, reply);
                    return verdict.right() ? "" : expected + "the answer was " + verdict.sentence();
                }
                instead = "the read failed with " + reply.status();
            } catch (IOException broken) {
                instead = "the read failed: " + reason(broken);
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        return expected + instead;
    }

    private static OptionalLong version(Reply reply) {
        try {
            return OptionalLong.of(HexFormat.fromHexDigitsToLong(
                    reply.header("holdfast-version").orElse("")));
        } catch (IllegalArgumentException _) {
            return OptionalLong.empty();
        }
    }

    private static String reason(IOException broken) {
        return broken instanceof HttpTimeoutException
                ? "no answer in time"
                : broken.getClass().getSimpleName() + " " + broken.getMessage();
    }
}
