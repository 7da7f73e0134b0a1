package dev.holdfast.simulation.world;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.FaultyProvider;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.simulation.check.Checker;
import dev.holdfast.simulation.check.Violation;
import dev.holdfast.simulation.history.History;
import dev.holdfast.simulation.history.Operation;
import dev.holdfast.simulation.parts.SimulatedDisk;
import dev.holdfast.simulation.parts.SimulatedProvider;
import dev.holdfast.simulation.scheduler.Process;
import dev.holdfast.simulation.scheduler.RunFailure;
import dev.holdfast.simulation.scheduler.Scheduler;
import dev.holdfast.simulation.scheduler.SimulatedTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One run: a node over two providers, clients, and what goes wrong, all from one seed. First things break, then all is mended and
 * the store must converge within a bound of virtual time.
 */
public final class World {
    private static final long MAX_STEPS = 20_000_000;
    private static final long MILLI = 1_000_000L;
    private static final long SETTLE_NANOS = 120_000 * MILLI;
    /** Where the clients' keys live. */
    public static final NamespaceId NAMESPACE = new NamespaceId(7, 7);

    private static final long WATCH_NANOS = 5 * MILLI;
    private static final int MOST_VIOLATIONS = 5;

    private final long seed;
    private final Plan plan;
    private final Scheduler scheduler;
    private final SimulatedTime time;
    private final SplittableRandom random;
    private final History history = new History();
    private final Troubles troubles = new Troubles();
    private final Recorder recorder;
    private final SimulatedDisk disk;
    private final List<Home> providers;
    private final Node node;
    private final Namespace namespace;
    private final List<Key> keys;
    private final Homes homes;
    private final List<Violation> violations = new ArrayList<>();
    private boolean over;

    public World(long seed, Variant variant) {
        this.seed = seed;
        SplittableRandom root = new SplittableRandom(seed);
        this.plan = Plan.draw(root.split());
        this.scheduler = new Scheduler(root.split(), plan.pace(), MAX_STEPS);
        this.time = new SimulatedTime(scheduler, new Process("world"), root.split());
        this.random = root.split();
        this.recorder = new Recorder(scheduler, history, troubles);
        this.disk = new SimulatedDisk(scheduler, root.split(), plan.nodeDisk(), variant.lyingDisk());
        this.providers = List.of(home("a", root.split()), home("b", root.split()));
        List<Provider> seen = new ArrayList<>();
        providers.forEach(home -> seen.add(variant.provider().apply(home.faults())));
        this.node = new Node(variant, scheduler, root.split(), seen, disk);
        this.namespace =
                new Namespace(new NamespaceId(7, 7), "hot", "0".repeat(32), "", "", Namespace.Policy.DEFAULT, 0, 0);
        this.keys =
                IntStream.range(0, plan.keys()).mapToObj(i -> Key.of("k" + i)).toList();
        this.homes = new Homes(
                variant.origin(),
                namespace.id(),
                providers.stream().map(Home::place).toList(),
                disk,
                troubles);
    }

    private Home home(String name, SplittableRandom own) {
        SimulatedProvider place = new SimulatedProvider(name, scheduler, own, plan.network(), plan.providerDisk());
        place.shortenPages();
        return new Home(place, new FaultyProvider(place, time));
    }

    public Result run() {
        String failure = "";
        try {
            scheduler.run(time.process(), this::live);
        } catch (RunFailure e) {
            failure = e.getMessage() + cause(e);
        }
        if (failure.isEmpty()) {
            Checker.ALL.forEach(checker -> violations.addAll(checker.check(history)));
        }
        return new Result(
                seed,
                scheduler.digest().toString(),
                history.operations().size(),
                history.incidents().size(),
                scheduler.steps(),
                scheduler.now(),
                plan.toString(),
                violations.subList(0, Math.min(MOST_VIOLATIONS, violations.size())),
                failure);
    }

    private static String cause(RunFailure failure) {
        Throwable cause = failure.getCause();
        if (cause == null) {
            return "";
        }
        StringBuilder out = new StringBuilder();
        for (StackTraceElement frame : cause.getStackTrace()) {
            out.append("\n    at ").append(frame);
        }
        return out.toString();
    }

    private void live() {
        node.start();
        Client.Stage stage = new Client.Stage(node, time, recorder, namespace, keys, this::done);
        CountDownLatch ended = new CountDownLatch(plan.clients() + 3);
        for (int i = 0; i < plan.clients(); i++) {
            Client client = new Client("client-" + i, stage, random.split());
            time.fork("client-" + i, () -> {
                client.run(plan.thinkNanos(), () -> over);
                ended.countDown();
            });
        }
        Breaker breaker =
                new Breaker(plan, time, random.split(), recorder, node, disk, providers, namespace.id(), keys);
        time.fork("breaker", () -> {
            notSettled(breaker.run(() -> over, SETTLE_NANOS));
            ended.countDown();
        });
        SplittableRandom crashes = random.split();
        time.fork("crasher", () -> {
            crashNode(crashes);
            ended.countDown();
        });
        time.fork("watcher", () -> {
            while (!over) {
                time.park(WATCH_NANOS);
                checkHomes();
            }
            ended.countDown();
        });
        time.park(plan.breakNanos());
        over = true;
        await(ended);
        heal(breaker, new Client("reader", stage, random.split()));
    }

    private static void await(CountDownLatch ended) {
        try {
            ended.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the world", e);
        }
    }

    private void crashNode(SplittableRandom crashes) {
        while (!over && plan.nodeCrashNanos() > 0) {
            time.park(crashes.nextLong(plan.nodeCrashNanos()));
            if (over) {
                return;
            }
            recorder.incident("node crashes");
            node.crash();
            checkHomes();
            if (crashes.nextInt(3) == 0) {
                node.skew(crashes.nextLong(4_000) - 2_000);
            }
            time.park(1 + crashes.nextLong(2_000 * MILLI));
            recorder.incident("node starts");
            node.start();
        }
    }

    private void done(Operation operation) {
        homes.acknowledged(history, operation)
                .filter(violation -> violations.size() < MOST_VIOLATIONS)
                .ifPresent(violations::add);
    }

    private void checkHomes() {
        if (violations.size() < MOST_VIOLATIONS) {
            violations.addAll(homes.check(history));
        }
    }

    private void notSettled(@Nullable String state) {
        if (state != null) {
            violations.add(new Violation(
                    "P5",
                    "the store has not settled within " + SETTLE_NANOS / MILLI + " ms after all was mended",
                    incidents(state)));
        }
    }

    private List<String> incidents(String state) {
        List<String> story = new ArrayList<>();
        history.incidents().stream()
                .skip(Math.max(0, history.incidents().size() - 12))
                .forEach(incident -> story.add(incident.toString()));
        story.add("state: " + state);
        return story;
    }

    /** All is mended: the store must settle, all homes must hold the same, and every key is read once more. */
    private void heal(Breaker breaker, Client reader) {
        recorder.incident("everything is mended");
        checkHomes();
        String state = breaker.settle(true, SETTLE_NANOS);
        notSettled(state);
        String difference = homes.difference();
        if (state == null && difference != null) {
            violations.add(new Violation("P5", "the homes differ though the store has settled", incidents(difference)));
        }
        for (Key key : keys) {
            reader.get(key, Store.ReadMode.CONFIRMED);
            reader.get(key, Store.ReadMode.FRESH);
        }
        reader.list();
        checkHomes();
    }
}
