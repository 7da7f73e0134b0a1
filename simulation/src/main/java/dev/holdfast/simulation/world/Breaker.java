package dev.holdfast.simulation.world;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.Fault;
import dev.holdfast.engine.provider.FaultMode;
import dev.holdfast.engine.provider.FaultyProvider;
import dev.holdfast.engine.provider.Operation;
import dev.holdfast.simulation.parts.SimulatedDisk;
import dev.holdfast.simulation.scheduler.SimulatedTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Breaks one failure domain at a time, mends it, and waits until the store has verified that all is well before it breaks the
 * next: the fault budget of durability 2.
 */
final class Breaker {
    private static final long POLL_NANOS = 20_000_000L;
    /** A store notices by itself that a place has gone back by more than a few seconds. */
    static final long NOTICED_NANOS = 3_000_000_000L;

    private static final List<Operation> OPERATIONS = List.of(Operation.values());
    private static final List<FaultMode> HONEST = List.of(
            FaultMode.ERROR,
            FaultMode.BLACKHOLE,
            FaultMode.SLOW,
            FaultMode.THROTTLED,
            FaultMode.UNAUTHORIZED,
            FaultMode.DISK_FULL);
    private static final List<FaultMode> LIES =
            List.of(FaultMode.NOT_FOUND, FaultMode.EMPTY, FaultMode.STALE, FaultMode.CORRUPT, FaultMode.TRUNCATED);
    /** Shorter than the timeout of a write: whoever waits gets through. */
    private static final long LONGEST_STALL_NANOS = 3_000_000_000L;

    /** At least as long away as deletes are kept in a world that collects them. */
    private static final long LEAVE_NANOS = 20_000_000_000L;

    /** Nodes that crash every few seconds may never come to the end of a comparison. */
    private static final long STRUGGLE_NANOS = 20_000_000_000L;

    private final Plan plan;
    private final SimulatedTime time;
    private final SplittableRandom random;
    private final Recorder recorder;
    private final List<Node> nodes;
    private final List<Home> providers;
    private final NamespaceId namespace;
    private final List<Key> keys;
    private final List<Client> witnesses;
    private final Runnable verified;
    private boolean settling;
    private long settlingSince;

    /** @param verified called whenever all is well again */
    Breaker(
            Plan plan,
            SimulatedTime time,
            SplittableRandom random,
            Recorder recorder,
            List<Node> nodes,
            List<Home> providers,
            NamespaceId namespace,
            List<Key> keys,
            List<Client> witnesses,
            Runnable verified) {
        this.plan = plan;
        this.time = time;
        this.random = random;
        this.recorder = recorder;
        this.nodes = nodes;
        this.providers = providers;
        this.namespace = namespace;
        this.keys = keys;
        this.witnesses = witnesses;
        this.verified = verified;
    }

    /**
     * Breaks and mends until it is over.
     *
     * @return what did not come back within the time given; null when all did
     */
    @Nullable
    String run(BooleanSupplier over, long settleNanos) {
        List<Trouble> kinds = new ArrayList<>(plan.faults());
        while (!over.getAsBoolean() && !kinds.isEmpty()) {
            time.park(random.nextLong(plan.gapNanos()));
            // The store may have ejected a provider for a few slow answers: that one counts as bad until it is back.
            String before = settle(false, settleNanos);
            if (before != null) {
                return before;
            }
            if (over.getAsBoolean()) {
                break;
            }
            String unsettled = once(kinds.get(random.nextInt(kinds.size())), settleNanos);
            if (unsettled != null) {
                return unsettled;
            }
        }
        return null;
    }

    private @Nullable String once(Trouble kind, long settleNanos) {
        int struck = random.nextInt(providers.size());
        return kind.ofTwo() ? two(kind, struck, settleNanos) : one(kind, providers.get(struck), settleNanos);
    }

    private @Nullable String two(Trouble kind, int one, long settleNanos) {
        Home first = providers.get(one);
        Home second = providers.get((one + 1 + random.nextInt(providers.size() - 1)) % providers.size());
        new Relay(plan.faultNanos(), time, random, recorder, nodes, witnesses).run(kind, first, second);
        if (kind.harmful()) {
            time.park(NOTICED_NANOS);
        }
        return verify(List.of(first.place().name(), second.place().name()), settle(false, settleNanos));
    }

    private @Nullable String one(Trouble kind, Home home, long settleNanos) {
        Node node = nodes.get(random.nextInt(nodes.size()));
        List<Home> struck = kind == Trouble.ALL_CUT ? providers : List.of(home);
        List<String> domains = kind.ofNode()
                ? List.of(node.name())
                : struck.stream().map(each -> each.place().name()).toList();
        if (kind == Trouble.ROLL_BACK) {
            home.place().backUp();
            time.park(NOTICED_NANOS + random.nextLong(plan.faultNanos()));
        }
        domains.forEach(domain -> recorder.troubleBegins(domain, kind.harmful()));
        recorder.fault(kind + " " + domains);
        inflict(kind, home, node);
        time.park(
                switch (kind) {
                    case SUSPENDED -> LEAVE_NANOS + random.nextLong(LEAVE_NANOS);
                    case PARTED -> Claims.LAG_NANOS + random.nextLong(Claims.LAG_NANOS);
                    default -> random.nextLong(plan.faultNanos());
                });
        mend(kind, home, node);
        recorder.incident("mended " + domains);
        if (kind.harmful()) {
            // What was under way when the harm ended may have been harmed, and no look at the homes need find it yet.
            int mended = recorder.now();
            while (recorder.waitsSince(mended)) {
                time.park(POLL_NANOS);
            }
        }
        if (kind == Trouble.ACKNOWLEDGED_THEN_LOST) {
            // What a node itself had left there is lost, too, and it doubts the place when it looks for it.
            time.park(NOTICED_NANOS);
        }
        // A place that was wiped or restored is the store's own to find out and to compare; being asked to would hide
        // that it had not.
        boolean itself = kind == Trouble.WIPE || kind == Trouble.ROLL_BACK;
        String unsettled = itself ? awaitPlace(home, kind, settleNanos) : null;
        return verify(domains, unsettled != null ? unsettled : settle(kind.harmful() && !itself, settleNanos));
    }

    /** @param unsettled what keeps the store from saying that all is well; null when it does */
    private @Nullable String verify(List<String> domains, @Nullable String unsettled) {
        if (unsettled == null) {
            domains.forEach(recorder::troubleEnds);
            recorder.incident("verified " + domains);
            verified.run();
        }
        return unsettled;
    }

    private void inflict(Trouble kind, Home home, Node node) {
        switch (kind) {
            case PROVIDER_CRASH -> home.place().crash();
            case CUT -> home.place().cut(true);
            case SUSPENDED -> suspend(home);
            case PARTED -> part(home, random.nextInt(nodes.size()));
            case ALL_CUT -> providers.forEach(each -> each.place().cut(true));
            case SHARD_DOWN ->
                home.place()
                        .darken(keys.stream().filter(_ -> random.nextBoolean()).toList());
            case SLOW -> home.place().slow(1_000_000L << random.nextInt(12));
            case WIPE -> home.place().wipe();
            case ROLL_BACK -> home.place().rollBack();
            case ROT -> {
                for (Key key : keys) {
                    if (random.nextBoolean()) {
                        home.place().rot(namespace, key, false);
                    }
                }
            }
            case FAULT -> show(home, draw(HONEST));
            case LIE -> show(home, draw(LIES));
            case ACKNOWLEDGED_THEN_LOST -> show(home, draw(List.of(FaultMode.ACKNOWLEDGED_THEN_LOST)));
            case NODE_DISK_FULL -> node.disk().ail(SimulatedDisk.Ailment.FULL);
            case NODE_DISK_FAILING -> node.disk().ail(SimulatedDisk.Ailment.FAILING);
            case NODE_DISK_LOST -> node.loseDisk();
            case RELAY, SPLIT, BACK_ALONE -> throw new IllegalArgumentException(kind + " strikes two");
            case STALL -> {
                long nanos = random.nextLong(LONGEST_STALL_NANOS);
                providers.forEach(each -> each.place().stall(nanos));
                // A node whose own disk stalls as well waits for that, and holds nothing against the providers
                // meanwhile.
                if (random.nextBoolean()) {
                    nodes.forEach(each -> each.disk().stall(nanos));
                }
                time.park(nanos);
            }
        }
    }

    /** From all nodes, or from one of them. */
    private void suspend(Home home) {
        if (random.nextBoolean()) {
            home.place().cut(true);
        } else {
            part(home, random.nextInt(home.ways().size()));
        }
    }

    private void part(Home home, int node) {
        recorder.incident("from " + nodes.get(node).name() + " alone");
        home.ways().get(node).inject(Fault.of(FaultMode.ERROR));
    }

    /** To all nodes, or to one of them: then what they see of the provider differs. */
    private void show(Home home, Fault fault) {
        if (home.ways().size() == 1 || random.nextBoolean()) {
            home.ways().forEach(way -> way.inject(fault));
            return;
        }
        int one = random.nextInt(home.ways().size());
        recorder.incident("to " + nodes.get(one).name() + " alone");
        home.ways().get(one).inject(fault);
    }

    /** A fault that strikes some share of the calls to some of the operations. */
    private Fault draw(List<FaultMode> modes) {
        FaultMode mode = modes.get(random.nextInt(modes.size()));
        double rate = random.nextBoolean() ? 1 : 0.05 + 0.95 * random.nextDouble();
        Set<Operation> operations = EnumSet.noneOf(Operation.class);
        boolean all = random.nextBoolean();
        for (Operation operation : OPERATIONS) {
            if (all || random.nextBoolean()) {
                operations.add(operation);
            }
        }
        operations.add(OPERATIONS.get(random.nextInt(OPERATIONS.size())));
        Fault fault = new Fault(mode, rate, operations, Duration.ofMillis(1L << random.nextInt(12)));
        recorder.incident(mode + " at " + rate + " of " + EnumSet.copyOf(operations));
        return fault;
    }

    private void mend(Trouble kind, Home home, Node node) {
        switch (kind) {
            case PROVIDER_CRASH -> home.place().restart();
            case CUT -> home.place().cut(false);
            case SUSPENDED, PARTED -> {
                home.place().cut(false);
                home.ways().forEach(FaultyProvider::clear);
            }
            case ALL_CUT -> providers.forEach(each -> each.place().cut(false));
            case SHARD_DOWN -> home.place().darken(List.of());
            case SLOW -> home.place().slow(0);
            case WIPE, ROLL_BACK, ROT, RELAY, SPLIT, BACK_ALONE -> {
                // Nothing of it ends by itself: the store has to find out and repair.
            }
            case STALL -> {
                // Ends by itself.
            }
            case FAULT, LIE, ACKNOWLEDGED_THEN_LOST -> home.ways().forEach(FaultyProvider::clear);
            case NODE_DISK_FULL, NODE_DISK_FAILING -> node.disk().ail(SimulatedDisk.Ailment.NONE);
            case NODE_DISK_LOST -> node.start();
        }
    }

    private @Nullable String awaitPlace(Home home, Trouble kind, long withinNanos) {
        long deadline = time.nanos() + withinNanos;
        while (home.place().blank() && time.nanos() < deadline) {
            time.park(POLL_NANOS);
        }
        // Of a wiped place one of them has noticed. The others will when they next look, which they do twice a second.
        time.park(nodes.size() == 1 && kind == Trouble.WIPE ? 0 : NOTICED_NANOS);
        return home.place().blank() ? "no place was made where one was wiped" : null;
    }

    /** Whether the store has been settling for so long that it should be left to it. */
    boolean needsPeace() {
        return settling && time.nanos() - settlingSince > STRUGGLE_NANOS;
    }

    /**
     * Waits until every node says that every home holds everything.
     *
     * @param compare whether each must have compared the homes since now
     * @return the state of one that has not come to that in time; null when all have
     */
    @Nullable
    String settle(boolean compare, long withinNanos) {
        long deadline = time.nanos() + withinNanos;
        settlingSince = time.nanos();
        settling = true;
        int[] compared = new int[nodes.size()];
        while (time.nanos() < deadline) {
            if (allSettled(compare, compared)) {
                recorder.settled();
                settling = false;
                return null;
            }
            time.park(POLL_NANOS);
        }
        return states();
    }

    private String states() {
        StringBuilder states = new StringBuilder();
        for (Node node : nodes) {
            String state = node.ask(Origin.Running::state, "it died");
            states.append(states.isEmpty() ? "" : "; ").append(node.name()).append(": ");
            states.append(state == null ? "does not run" : state);
        }
        return states.toString();
    }

    /** @param compared at which start each node was asked to compare */
    private boolean allSettled(boolean compare, int[] compared) {
        boolean asked = false;
        for (int i = 0; compare && i < nodes.size(); i++) {
            Node node = nodes.get(i);
            int start = node.starts();
            if (compared[i] != start) {
                asked = true;
                compared[i] = Boolean.TRUE.equals(node.ask(Breaker::compare, false)) ? start : compared[i];
            }
        }
        if (asked) {
            return false;
        }
        // The others need not be asked while one is not: each time one is, a thread is made for it.
        for (Node node : nodes) {
            if (!Boolean.TRUE.equals(node.ask(Origin.Running::settled, false))) {
                return false;
            }
        }
        return true;
    }

    private static boolean compare(Origin.Running running) {
        running.compare();
        return true;
    }
}
