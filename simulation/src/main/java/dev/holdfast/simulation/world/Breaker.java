package dev.holdfast.simulation.world;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.Fault;
import dev.holdfast.engine.provider.FaultMode;
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
    private static final String NODE = "node";
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

    private static final String SETTLED = "";

    private final Plan plan;
    private final SimulatedTime time;
    private final SplittableRandom random;
    private final Recorder recorder;
    private final Node node;
    private final SimulatedDisk disk;
    private final List<Home> providers;
    private final NamespaceId namespace;
    private final List<Key> keys;

    Breaker(
            Plan plan,
            SimulatedTime time,
            SplittableRandom random,
            Recorder recorder,
            Node node,
            SimulatedDisk disk,
            List<Home> providers,
            NamespaceId namespace,
            List<Key> keys) {
        this.plan = plan;
        this.time = time;
        this.random = random;
        this.recorder = recorder;
        this.node = node;
        this.disk = disk;
        this.providers = providers;
        this.namespace = namespace;
        this.keys = keys;
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
        Home home = providers.get(random.nextInt(providers.size()));
        String domain = kind.ofNode() ? NODE : home.place().name();
        if (kind == Trouble.ROLL_BACK) {
            home.place().backUp();
            time.park(random.nextLong(plan.faultNanos()));
        }
        recorder.troubleBegins(domain, kind.harmful());
        recorder.incident(kind + " " + domain);
        inflict(kind, home);
        time.park(random.nextLong(plan.faultNanos()));
        mend(kind, home);
        recorder.incident("mended " + domain);
        if (kind.harmful()) {
            // What was under way when the harm ended may have been harmed, and no look at the homes need find it yet.
            int mended = recorder.now();
            while (recorder.waitsSince(mended)) {
                time.park(POLL_NANOS);
            }
        }
        // A wiped place is the store's own to find out and to compare; being asked to would hide that it had not.
        boolean wiped = kind == Trouble.WIPE;
        String unsettled = wiped ? awaitPlace(home, settleNanos) : null;
        unsettled = unsettled != null ? unsettled : settle(kind.harmful() && !wiped, settleNanos);
        if (unsettled == null) {
            recorder.troubleEnds(domain);
            recorder.incident("verified " + domain);
        }
        return unsettled;
    }

    private void inflict(Trouble kind, Home home) {
        switch (kind) {
            case PROVIDER_CRASH -> home.place().crash();
            case CUT -> home.place().cut(true);
            case SLOW -> home.place().slow(1_000_000L << random.nextInt(12));
            case WIPE -> home.place().wipe();
            case ROLL_BACK -> home.place().rollBack();
            case ROT -> {
                for (Key key : keys) {
                    if (random.nextBoolean()) {
                        home.place().rot(namespace, key);
                    }
                }
            }
            case FAULT -> home.faults().inject(draw(HONEST));
            case LIE -> home.faults().inject(draw(LIES));
            case ACKNOWLEDGED_THEN_LOST -> home.faults().inject(draw(List.of(FaultMode.ACKNOWLEDGED_THEN_LOST)));
            case NODE_DISK_FULL -> disk.ail(SimulatedDisk.Ailment.FULL);
            case NODE_DISK_FAILING -> disk.ail(SimulatedDisk.Ailment.FAILING);
            case STALL -> {
                long nanos = random.nextLong(LONGEST_STALL_NANOS);
                providers.forEach(each -> each.place().stall(nanos));
                disk.stall(nanos);
                time.park(nanos);
            }
        }
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

    private void mend(Trouble kind, Home home) {
        switch (kind) {
            case PROVIDER_CRASH -> home.place().restart();
            case CUT -> home.place().cut(false);
            case SLOW -> home.place().slow(0);
            case WIPE, ROLL_BACK, ROT -> {
                // Nothing of it ends by itself: the store has to find out and repair.
            }
            case STALL -> {
                // Ends by itself.
            }
            case FAULT, LIE, ACKNOWLEDGED_THEN_LOST -> home.faults().clear();
            case NODE_DISK_FULL, NODE_DISK_FAILING -> disk.ail(SimulatedDisk.Ailment.NONE);
        }
    }

    private @Nullable String awaitPlace(Home home, long withinNanos) {
        long deadline = time.nanos() + withinNanos;
        while (home.place().blank() && time.nanos() < deadline) {
            time.park(POLL_NANOS);
        }
        return home.place().blank() ? "no place was made where one was wiped" : null;
    }

    /**
     * Waits until the node says that every home holds everything.
     *
     * @param compare whether it must have compared the homes since now
     * @return its state when it has not come to that in time; null when it has
     */
    @Nullable
    String settle(boolean compare, long withinNanos) {
        long deadline = time.nanos() + withinNanos;
        int compared = 0;
        @Nullable String state = null;
        while (time.nanos() < deadline) {
            int start = node.starts();
            if (compare && compared != start) {
                Boolean asked = node.ask(Breaker::compare, false);
                compared = Boolean.TRUE.equals(asked) ? start : compared;
            } else {
                state = node.ask(Breaker::unsettled, "the node died");
                if (SETTLED.equals(state)) {
                    return null;
                }
            }
            time.park(POLL_NANOS);
        }
        return state == null ? "no node is running" : state;
    }

    private static boolean compare(Origin.Running running) {
        running.compare();
        return true;
    }

    private static String unsettled(Origin.Running running) {
        return running.settled() ? SETTLED : running.state();
    }
}
