package dev.holdfast.simulation.world;

import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.replication.ReplicationConfig;
import dev.holdfast.simulation.parts.SimulatedDisk;
import dev.holdfast.simulation.scheduler.Pending;
import dev.holdfast.simulation.scheduler.Process;
import dev.holdfast.simulation.scheduler.Scheduler;
import dev.holdfast.simulation.scheduler.SimulatedTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A machine that runs the origin: one process at a time, on one disk. */
final class Node {
    private static final long BOOT_PAUSE_NANOS = 100_000_000L;

    private final String name;
    private final Variant variant;
    private final ReplicationConfig config;
    private final Scheduler scheduler;
    private final SplittableRandom random;
    private final List<Provider> providers;
    private final SimulatedDisk disk;
    private final Runnable changes;
    private final List<Runnable> outstanding = new ArrayList<>();
    private @Nullable SimulatedTime time;
    private Origin.@Nullable Running serving;
    private boolean fresh = true;
    private long skewMillis;
    private int starts;

    Node(
            String name,
            Variant variant,
            ReplicationConfig config,
            Scheduler scheduler,
            SplittableRandom random,
            List<Provider> providers,
            SimulatedDisk disk,
            Runnable changes) {
        this.changes = changes;
        this.name = name;
        this.variant = variant;
        this.config = config;
        this.scheduler = scheduler;
        this.random = random;
        this.providers = providers;
        this.disk = disk;
    }

    String name() {
        return name;
    }

    SimulatedDisk disk() {
        return disk;
    }

    /** Begins to start, unless it runs. */
    void start() {
        if (runs()) {
            return;
        }
        Process process = new Process(name + "." + ++starts);
        SimulatedTime own = new SimulatedTime(scheduler, process, random.split());
        own.skew(skewMillis);
        time = own;
        own.fork("boot", () -> boot(own));
    }

    /**
     * As whatever keeps the process running would do: a start that fails is tried again. A node that begins with an empty disk gets
     * no requests before it has found its bearings; one that remembers serves at once.
     */
    private void boot(SimulatedTime own) {
        LocalStore seen = variant.disk().apply(disk);
        Origin.Running started = null;
        while (started == null) {
            try {
                started = variant.origin().start(own, name, config, providers, seen);
            } catch (LocalStore.LocalStoreFault fault) {
                own.park(BOOT_PAUSE_NANOS);
            }
        }
        while (fresh && !started.settled()) {
            own.park(BOOT_PAUSE_NANOS);
        }
        fresh = false;
        serving = started;
        changes.run();
    }

    /** The disk is lost with all that is on it, and so is what runs; an empty one takes its place. */
    void loseDisk() {
        crash();
        disk.replace();
        fresh = true;
    }

    /** As kill -9 and a power cut: every thread stops where it is, what was not synced is gone. */
    void crash() {
        SimulatedTime own = time;
        if (own == null) {
            return;
        }
        changes.run();
        own.process().kill();
        time = null;
        serving = null;
        disk.crash();
        outstanding.forEach(Runnable::run);
        outstanding.clear();
    }

    /** Whether it has begun to start and not crashed since. */
    boolean runs() {
        return time != null;
    }

    /** Which start of the node this is. */
    int starts() {
        return starts;
    }

    /** Steps the wall clock. */
    void skew(long millis) {
        skewMillis = millis;
        SimulatedTime own = time;
        if (own != null) {
            own.skew(millis);
        }
    }

    /**
     * Has a thread of the node do something and waits for it. Nothing of a node is ever called on a thread that would outlive it.
     *
     * @param whenDead the answer when the node dies meanwhile
     * @return null at once when the node is not serving
     */
    <T> @Nullable T ask(Function<Origin.Running, T> call, T whenDead) {
        SimulatedTime own = time;
        Origin.Running now = serving;
        if (own == null || now == null) {
            return null;
        }
        Pending<T, RuntimeException> reply = new Pending<>();
        Runnable dies = () -> reply.answer(whenDead);
        outstanding.add(dies);
        own.fork("request", () -> reply.answer(call.apply(now)));
        T answer = reply.await();
        outstanding.remove(dies);
        return answer;
    }
}
