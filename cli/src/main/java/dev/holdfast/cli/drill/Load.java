package dev.holdfast.cli.drill;

import dev.holdfast.cli.http.Api;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Workers that read and write as fast as they are answered, and hold every answer against what the key's history allows.
 * Each worker has one request under way, so that many connections are busy. May be started again after it was stopped; what
 * is known of the keys stays. One thread at a time may call the methods.
 */
public final class Load {
    /** After a failure, so that a server that refuses at once is not run over. */
    private static final long PAUSE_MILLIS = 10;

    private static final int TRIES_FOR_A_FREE_KEY = 8;
    /** Reading back is no load, so few connections need not make it long. */
    private static final int READERS_BACK = 16;
    /** Nor is writing every key for the first time. */
    private static final int WRITERS_FIRST = 16;

    private final Traffic traffic;
    private final Tally tally;
    private final Requests requests;
    private final Zipf zipf;
    private final KeyHistory[] histories;
    private final SplittableRandom seeds;
    private final List<Thread> workers = new ArrayList<>();
    private volatile Phase phase = Phase.BEFORE;
    private volatile boolean stopped;
    private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();

    /** @param namespace its id; nobody else may write in it */
    public Load(Traffic traffic, Api store, String namespace, Tally tally) {
        this.traffic = traffic;
        this.tally = tally;
        this.zipf = new Zipf(traffic.keys());
        this.seeds = new SplittableRandom(traffic.seed());
        this.histories = new KeyHistory[traffic.keys()];
        for (int key = 0; key < histories.length; key++) {
            histories[key] = new KeyHistory();
        }
        this.requests =
                new Requests(store, "/v1/namespaces/" + namespace, new Payload(traffic.valueBytes()), histories, tally);
    }

    /** The phase of the requests that begin from now on. */
    public void phase(Phase next) {
        phase = next;
    }

    /** Writes every key once. */
    public void warm() throws InterruptedException {
        stopped = false;
        AtomicInteger next = new AtomicInteger();
        run("load-warm-", Math.max(WRITERS_FIRST, traffic.connections()), _ -> {
            for (int key = next.getAndIncrement(); key < histories.length && !stopped; key = next.getAndIncrement()) {
                write(key, false);
            }
        });
        join();
    }

    public void start() {
        stopped = false;
        List<RandomGenerator> randoms = new ArrayList<>();
        for (int i = 0; i < traffic.connections(); i++) {
            randoms.add(seeds.split());
        }
        run("load-", traffic.connections(), worker -> {
            while (!stopped) {
                one(randoms.get(worker));
            }
        });
    }

    /** Waits for the requests that are under way. */
    public void stop() throws InterruptedException {
        stopped = true;
        join();
    }

    /**
     * To be called between {@link #stop} and {@link #start} when the server is dead: no request of before is under way any more,
     * so none can take effect after a later one.
     */
    public void serverDied() {
        for (KeyHistory history : histories) {
            history.doubtEnds();
        }
    }

    /** Reads every key once more. @return a sentence for each acknowledged write that is not there */
    public List<String> readBack() throws InterruptedException {
        List<String> lost = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger next = new AtomicInteger();
        run("load-read-back-", Math.max(READERS_BACK, traffic.connections()), _ -> {
            for (int key = next.getAndIncrement(); key < histories.length; key = next.getAndIncrement()) {
                String missing = requests.missing(key);
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

    private void run(String name, int connections, Work work) {
        for (int i = 0; i < connections; i++) {
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
            throw new IllegalStateException("a worker of the load broke, so its figures mean nothing", bug);
        }
    }

    private void one(RandomGenerator random) throws InterruptedException {
        if (random.nextDouble() >= traffic.readShare()) {
            boolean delete = random.nextDouble() < Traffic.DELETES_OF_WRITES;
            for (int i = 0; i < TRIES_FOR_A_FREE_KEY; i++) {
                if (write(zipf.next(random), delete)) {
                    return;
                }
            }
        }
        int key = zipf.next(random);
        double kind = random.nextDouble();
        if (kind < Traffic.LISTS_OF_READS) {
            read(() -> requests.list(key));
        } else if (kind < Traffic.LISTS_OF_READS + Traffic.UNKNOWN_OF_READS) {
            read(() -> requests.readUnknown(key));
        } else {
            read(() -> requests.read(key));
        }
    }

    /** @return false when another worker is writing the key */
    private boolean write(int key, boolean delete) throws InterruptedException {
        KeyHistory history = histories[key];
        if (!history.tryToWrite()) {
            return false;
        }
        try {
            Phase began = phase;
            long start = System.nanoTime();
            boolean ok = requests.write(key, delete);
            tally.write(began, microsSince(start), ok);
            if (!ok) {
                Thread.sleep(PAUSE_MILLIS);
            }
        } finally {
            history.writingEnds();
        }
        return true;
    }

    private interface Read {
        /** @return false when it failed */
        boolean send() throws InterruptedException;
    }

    private void read(Read read) throws InterruptedException {
        Phase began = phase;
        long start = System.nanoTime();
        boolean ok = read.send();
        tally.read(began, microsSince(start), ok);
        if (!ok) {
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private static long microsSince(long start) {
        return (System.nanoTime() - start) / 1_000;
    }
}
