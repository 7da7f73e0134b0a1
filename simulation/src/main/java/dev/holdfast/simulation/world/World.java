package dev.holdfast.simulation.world;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.FaultyProvider;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.simulation.check.Checker;
import dev.holdfast.simulation.check.Evidence;
import dev.holdfast.simulation.check.FeedCheck;
import dev.holdfast.simulation.check.NearCheck;
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
 * One run: nodes over providers, clients, and what goes wrong, all from one seed. First things break, then all is mended and the
 * store must converge within a bound of virtual time.
 */
public final class World {
    private static final long MAX_STEPS = 20_000_000;
    /** More for each second in which things break. */
    private static final long MAX_STEPS_PER_SECOND = 500_000;

    private static final long MILLI = 1_000_000L;
    private static final long SETTLE_NANOS = 120_000 * MILLI;
    private static final long LISTEN_NANOS = 500 * MILLI;
    /** Where the clients' keys live. */
    public static final NamespaceId NAMESPACE = new NamespaceId(7, 7);

    /** A provider is given up once it has been later a few times in a row than what it is given, which is 25 ms at least. */
    private static final long SLOW_WAY_NANOS = 100 * MILLI;

    private static final int MOST_VIOLATIONS = 5;

    private final long seed;
    private final Plan plan;
    private final EdgePlan edging;
    private final Edges edges;
    private final Scheduler scheduler;
    private final SimulatedTime time;
    private final SplittableRandom random;
    private final History history = new History();
    private final Troubles troubles = new Troubles();
    private final Recorder recorder;
    private final List<Home> providers = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Namespace namespace;
    private final List<Key> keys;
    private final Homes homes;
    private final Claims claims;
    private final List<Violation> violations = new ArrayList<>();
    private boolean over;
    private boolean mended;
    private boolean settled;

    public World(long seed, Variant variant) {
        this(seed, variant, Shape.DRAWN);
    }

    public World(long seed, Variant variant, Shape shape) {
        this.seed = seed;
        SplittableRandom root = new SplittableRandom(seed);
        this.plan = Plan.draw(root.split(), shape);
        long steps = MAX_STEPS + plan.breakNanos() / 1_000_000_000 * MAX_STEPS_PER_SECOND;
        this.scheduler = new Scheduler(root.split(), plan.pace(), steps);
        this.time = new SimulatedTime(scheduler, new Process("world"), root.split());
        this.random = root.split();
        if (plan.network().spikeEvery() > 0 && plan.network().spike() > SLOW_WAY_NANOS) {
            history.slowWays();
        }
        this.recorder = new Recorder(scheduler, history, troubles);
        for (int i = 0; i < plan.providers(); i++) {
            providers.add(home("abcdefgh".substring(i, i + 1), root.split()));
        }
        for (int i = 0; i < plan.nodes(); i++) {
            nodes.add(node(i, variant, root.split()));
        }
        SplittableRandom near = new SplittableRandom(~seed);
        this.edging = EdgePlan.draw(near.split(), shape.edges(), new SplittableRandom(Long.reverse(seed)));
        this.namespace = new Namespace(NAMESPACE, "hot", "0".repeat(32), "", "", edging.policy(plan.policy()), 0, 0);
        this.keys =
                IntStream.range(0, plan.keys()).mapToObj(i -> Key.of("k" + i)).toList();
        this.homes = new Homes(
                variant.origin(),
                namespace.id(),
                providers.stream().map(Home::place).toList(),
                nodes.stream().map(Node::disk).toList(),
                troubles);
        this.claims =
                new Claims(namespace.id(), providers.stream().map(Home::place).toList(), troubles);
        this.edges = new Edges(edging, nodes, namespace, scheduler, time, recorder, near);
        providers.forEach(home -> home.place().whenLess(this::checkHomes));
        nodes.forEach(node -> node.disk().whenLess(this::checkHomes));
    }

    private Home home(String name, SplittableRandom own) {
        SimulatedProvider place = new SimulatedProvider(name, scheduler, own, plan.network(), plan.providerDisk());
        place.shortenPages();
        if (plan.queues()) {
            // As embedded engines do, both.
            place.takeQueued();
            place.offerDigests();
        }
        List<FaultyProvider> ways = new ArrayList<>();
        for (int i = 0; i < plan.nodes(); i++) {
            ways.add(new FaultyProvider(place, time));
        }
        return new Home(place, ways);
    }

    private Node node(int index, Variant variant, SplittableRandom own) {
        String name = "node-" + index;
        SimulatedDisk disk = new SimulatedDisk(name, scheduler, own.split(), plan.nodeDisk(), variant.lyingDisk());
        List<Provider> seen = new ArrayList<>();
        providers.forEach(home -> seen.add(variant.provider().apply(home.ways().get(index))));
        return new Node(
                name,
                variant,
                plan.config(),
                scheduler,
                own.split(),
                seen,
                disk,
                () -> history.nodeChanges(name, scheduler.now()));
    }

    public Result run() {
        String failure = "";
        try {
            scheduler.run(time.process(), this::live);
        } catch (RunFailure e) {
            failure = e.getMessage() + cause(e);
        }
        if (failure.isEmpty()) {
            Evidence evidence = new Evidence(history);
            Checker.ALL.forEach(checker -> violations.addAll(checker.check(evidence)));
            violations.addAll(new FeedCheck(NAMESPACE).check(evidence));
            violations.addAll(new NearCheck(namespace.policy().onOutage(), plan.nodes()).check(evidence));
        }
        return new Result(
                seed,
                scheduler.digest().toString(),
                history.operations().size(),
                history.faults(),
                scheduler.steps(),
                scheduler.now(),
                edging.edges() == 0 ? plan.toString() : plan + ", " + edging,
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
        nodes.forEach(Node::start);
        Client.Stage stage = new Client.Stage(nodes, time, recorder, namespace, keys, plan.expiring(), this::done);
        CountDownLatch followed = new CountDownLatch(nodes.size());
        for (Node node : nodes) {
            Follower follower = new Follower(node, time, recorder);
            fork("follower", followed, () -> follower.run(() -> settled));
        }
        CountDownLatch ended = new CountDownLatch(plan.clients() + 1 + 3 * nodes.size());
        for (int i = 0; i < plan.clients(); i++) {
            Client client = new Client("client-" + i, nodes.get(i % nodes.size()), stage, random.split());
            fork("client-" + i, ended, () -> client.run(plan.thinkNanos(), () -> over));
        }
        List<Client> witnesses = new ArrayList<>();
        nodes.forEach(node -> witnesses.add(new Client("witness-" + node.name(), node, stage, random.split())));
        Breaker breaker = new Breaker(
                plan,
                time,
                random.split(),
                recorder,
                nodes,
                providers,
                namespace.id(),
                keys,
                witnesses,
                this::checkHomes);
        fork("breaker", ended, () -> {
            notSettled(breaker.run(() -> over, SETTLE_NANOS));
            mended = true;
        });
        for (Node node : nodes) {
            SplittableRandom crashes = random.split();
            SplittableRandom steps = random.split();
            fork("crasher", ended, () -> crash(node, crashes, breaker));
            fork("clock-setter", ended, () -> setClock(node, steps));
            fork("listener", ended, () -> listen(node));
        }
        CountDownLatch near = new CountDownLatch(edges.threads());
        edges.live(stage, () -> over, near);
        time.park(plan.breakNanos());
        over = true;
        await(ended);
        await(near);
        heal(breaker, new Client("reader", nodes.getFirst(), stage, random.split()));
        edges.readAll(stage);
        settled = true;
        await(followed);
    }

    private void fork(String name, CountDownLatch ended, Runnable task) {
        time.fork(name, () -> {
            task.run();
            ended.countDown();
        });
    }

    private static void await(CountDownLatch ended) {
        try {
            ended.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the world", e);
        }
    }

    private void crash(Node node, SplittableRandom crashes, Breaker breaker) {
        while (!over && plan.nodeCrashNanos() > 0) {
            time.park(crashes.nextLong(plan.nodeCrashNanos()));
            if (over || !node.runs() || breaker.needsPeace()) {
                continue;
            }
            recorder.fault(node.name() + " crashes");
            node.crash();
            if (crashes.nextInt(3) == 0) {
                node.skew(skew(crashes));
            }
            time.park(1 + crashes.nextLong(2_000 * MILLI));
            recorder.incident(node.name() + " starts");
            node.start();
        }
    }

    /** As by an operator or a time server gone wrong: forwards or back, while the node runs. */
    private void setClock(Node node, SplittableRandom steps) {
        while (!over && plan.clockStepNanos() > 0) {
            time.park(steps.nextLong(plan.clockStepNanos()));
            long skew = skew(steps);
            recorder.fault("the clock of " + node.name() + " is set " + skew + " ms off");
            node.skew(skew);
        }
    }

    /** To what the node tells people. */
    private void listen(Node node) {
        while (!over || !mended) {
            time.park(LISTEN_NANOS);
            boolean safe = Boolean.TRUE.equals(node.ask(Origin.Running::canLoseOne, false));
            if (safe && violations.size() < MOST_VIOLATIONS) {
                claims.check(history, node.name(), scheduler.now()).ifPresent(violations::add);
            }
        }
    }

    private static long skew(SplittableRandom random) {
        long most = History.MOST_SKEW_NANOS / MILLI;
        return random.nextLong(2 * most) - most;
    }

    private void done(Operation operation) {
        claims.ended(operation);
        // To tell a story takes longer than to live it.
        if (violations.size() < MOST_VIOLATIONS) {
            homes.acknowledged(history, operation).ifPresent(violations::add);
        }
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
