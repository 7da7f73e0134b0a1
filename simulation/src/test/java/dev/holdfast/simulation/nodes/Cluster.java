package dev.holdfast.simulation.nodes;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.provider.Fault;
import dev.holdfast.engine.provider.FaultMode;
import dev.holdfast.engine.provider.FaultyProvider;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.MemoryProvider;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.replication.ProviderState;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.replication.ReplicationConfig;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.StoreStatus.ProviderView;
import dev.holdfast.engine.time.Time;
import dev.holdfast.simulation.scheduler.Pace;
import dev.holdfast.simulation.scheduler.Process;
import dev.holdfast.simulation.scheduler.Scheduler;
import dev.holdfast.simulation.scheduler.SimulatedTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Nodes of the store that ships over the same two providers, in virtual time. Each node has its own way to each provider. */
final class Cluster {
    static final Namespace NAMESPACE =
            new Namespace(new NamespaceId(7, 7), "hot", "0".repeat(32), "", "", Namespace.Policy.DEFAULT, 0, 0);
    private static final long MOST_STEPS = 20_000_000;

    final MemoryProvider a = MemoryProvider.initialised("a");
    final MemoryProvider b = MemoryProvider.initialised("b");
    private final SplittableRandom random;
    private final Scheduler scheduler;
    private final SimulatedTime time;

    private Cluster(long seed) {
        random = new SplittableRandom(seed);
        scheduler = new Scheduler(random.split(), Pace.EVEN, MOST_STEPS);
        time = new SimulatedTime(scheduler, new Process("test"), random.split());
    }

    /** What happens to the nodes. */
    interface Story {
        void tell(Cluster cluster) throws Exception;
    }

    static void run(Story story) {
        run(7, story);
    }

    static void run(long seed, Story story) {
        Cluster cluster = new Cluster(seed);
        Throwable[] failure = new Throwable[1];
        cluster.scheduler.run(cluster.time.process(), () -> {
            try {
                story.tell(cluster);
            } catch (Throwable e) {
                failure[0] = e;
            }
        });
        if (failure[0] != null) {
            throw new AssertionError(failure[0].getMessage(), failure[0]);
        }
    }

    /** Deletes are collected as soon as the store dares to. */
    private static ReplicationConfig config() {
        ReplicationConfig usual = ReplicationConfig.DEFAULT;
        return usual.withCollecting(usual.compareInterval(), usual.maxSkew(), Duration.ofSeconds(1));
    }

    Node start(String name, LocalStore local) throws Exception {
        return start(name, local, false);
    }

    /** A node that does not know any namespace. */
    Node startWithoutCatalogue(String name, LocalStore local) throws Exception {
        Node node = new Node(name);
        node.open(name, local, List.of());
        return node;
    }

    /** A node that meets the same chances as every other one that is started so. */
    Node startTwin(String name, LocalStore local) throws Exception {
        Node node = new Node(name, new SplittableRandom(7));
        node.open(name, local, List.of(NAMESPACE.id()));
        return node;
    }

    /** A node that reaches no provider. */
    Node startAlone(String name, LocalStore local) throws Exception {
        Node node = new Node(name);
        node.loseA();
        node.loseB();
        node.open(name, local, List.of(NAMESPACE.id()));
        return node;
    }

    Thread fork(Runnable task) {
        return time.fork("story", task);
    }

    /** @param withoutB whether it cannot reach {@code b} */
    Node start(String name, LocalStore local, boolean withoutB) throws Exception {
        Node node = new Node(name);
        if (withoutB) {
            node.loseB();
        }
        node.open(name, local, List.of(NAMESPACE.id()));
        return node;
    }

    long wallMillis() {
        return time.wallMillis();
    }

    void sleep(Duration duration) throws InterruptedException {
        time.sleep(duration.toNanos());
    }

    void until(BooleanSupplier holds, Supplier<?> otherwise) throws InterruptedException {
        long deadline = time.nanos() + Duration.ofSeconds(60).toNanos();
        while (!holds.getAsBoolean()) {
            if (time.nanos() > deadline) {
                throw new AssertionError("not within a minute: " + otherwise.get());
            }
            sleep(Duration.ofMillis(20));
        }
    }

    /** What a provider itself holds in the system namespace; empty for nothing. */
    static String system(MemoryProvider provider, String key) throws ProviderFault {
        return provider.get(NamespaceId.SYSTEM, Key.of(key)) instanceof Lookup.Present(Record record)
                        && !record.tombstone()
                ? new String(record.value(), StandardCharsets.UTF_8)
                : "";
    }

    static boolean holds(MemoryProvider provider, String key) throws ProviderFault {
        return provider.get(NAMESPACE.id(), Key.of(key)) instanceof Lookup.Present(Record record)
                && !record.tombstone();
    }

    /** A node while it runs. */
    final class Node {
        private final Process process;
        private final SimulatedTime own;
        private final FaultyProvider wayToA;
        private final FaultyProvider wayToB;
        private ReplicatedStore store;

        private Node(String name) {
            this(name, random.split());
        }

        private Node(String name, SplittableRandom chance) {
            process = new Process(name);
            own = new SimulatedTime(scheduler, process, chance);
            wayToA = new FaultyProvider(a, own);
            wayToB = new FaultyProvider(b, own);
        }

        private void open(String name, LocalStore local, List<NamespaceId> namespaces) throws Exception {
            store = ReplicatedStore.open(config(), own, local, name, List.of(wayToA, wayToB));
            store.start(() -> namespaces);
        }

        ReplicatedStore store() {
            return store;
        }

        Time time() {
            return own;
        }

        void loseA() {
            wayToA.inject(Fault.of(FaultMode.ERROR));
        }

        void loseB() {
            wayToB.inject(Fault.of(FaultMode.ERROR));
        }

        void reachAll() {
            wayToA.clear();
            wayToB.clear();
        }

        /** From now on its calls to each provider suffer so, a provider by itself. */
        void suffer(Fault atA, Fault atB) {
            wayToA.inject(atA);
            wayToB.inject(atB);
        }

        /** Its wall clock is so far ahead of the right one. */
        void skew(long millis) {
            own.skew(millis);
        }

        /** All of it stands still. */
        void pause(Duration duration) {
            process.pause(scheduler.now() + duration.toNanos());
        }

        void kill() {
            process.kill();
        }

        ProviderState state(String provider) {
            return view(provider).state();
        }

        ProviderView view(String provider) {
            return store.status().providers().stream()
                    .filter(view -> view.name().equals(provider))
                    .findFirst()
                    .orElseThrow();
        }

        boolean allCurrent() {
            return state("a") == ProviderState.CURRENT && state("b") == ProviderState.CURRENT;
        }

        void untilAllCurrent() throws InterruptedException {
            until(this::allCurrent, store::status);
        }

        void untilDown(String provider) throws InterruptedException {
            until(() -> state(provider) != ProviderState.CURRENT, store::status);
        }

        Store.Written put(String key) {
            return store.put(
                    NAMESPACE,
                    Key.of(key),
                    key.getBytes(StandardCharsets.UTF_8),
                    new byte[0],
                    Record.NEVER,
                    Store.Condition.NONE);
        }

        Store.Written delete(String key) {
            return store.delete(NAMESPACE, Key.of(key), Store.Condition.NONE);
        }

        Store.Answer get(String key) {
            return store.get(NAMESPACE.id(), Key.of(key), Store.ReadMode.CONFIRMED);
        }

        Store.Listing list() {
            return store.list(NAMESPACE.id(), new byte[0], null, 1000);
        }

        /** Runs a comparison of all providers to its end. */
        void compare() throws InterruptedException {
            long asked = wallMillis();
            store.compareNow();
            until(() -> store.comparing().finishedAt() >= asked, store::status);
        }
    }
}
