package dev.holdfast.simulation.world;

import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.replication.ReplicationConfig;
import dev.holdfast.simulation.parts.SimulatedDisk;
import dev.holdfast.simulation.scheduler.Scheduler;
import dev.holdfast.simulation.scheduler.SimulatedTime;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A machine that runs the origin: one process at a time, on one disk. */
final class Node implements Serving.Host {
    private static final long BOOT_PAUSE_NANOS = 100_000_000L;

    private final Variant variant;
    private final ReplicationConfig config;
    private final List<Provider> providers;
    private final SimulatedDisk disk;
    private final Machine<Origin.Running> machine;
    private boolean fresh = true;

    Node(
            String name,
            Variant variant,
            ReplicationConfig config,
            Scheduler scheduler,
            SplittableRandom random,
            List<Provider> providers,
            SimulatedDisk disk,
            Runnable changes) {
        this.variant = variant;
        this.config = config;
        this.providers = providers;
        this.disk = disk;
        this.machine = new Machine<>(name, scheduler, random, changes, this::boot);
    }

    @Override
    public String name() {
        return machine.name();
    }

    SimulatedDisk disk() {
        return disk;
    }

    /** Begins to start, unless it runs. */
    void start() {
        machine.start();
    }

    /**
     * As whatever keeps the process running would do: a start that fails is tried again. A node that begins with an empty disk gets
     * no requests before it has found its bearings; one that remembers serves at once.
     */
    private Origin.Running boot(SimulatedTime own) {
        LocalStore seen = variant.disk().apply(disk);
        Origin.Running started = null;
        while (started == null) {
            try {
                started = variant.origin().start(own, name(), config, providers, seen);
            } catch (LocalStore.LocalStoreFault fault) {
                own.park(BOOT_PAUSE_NANOS);
            }
        }
        while (fresh && !started.settled()) {
            own.park(BOOT_PAUSE_NANOS);
        }
        fresh = false;
        return started;
    }

    /** The disk is lost with all that is on it, and so is what runs; an empty one takes its place. */
    void loseDisk() {
        crash();
        disk.replace();
        fresh = true;
    }

    /** As kill -9 and a power cut: every thread stops where it is, what was not synced is gone. */
    void crash() {
        machine.crash(disk::crash);
    }

    /** Whether it has begun to start and not crashed since. */
    boolean runs() {
        return machine.runs();
    }

    /** Which start of the node this is. */
    int starts() {
        return machine.starts();
    }

    /** Steps the wall clock. */
    void skew(long millis) {
        machine.skew(millis);
    }

    @Override
    public <T> @Nullable T serve(Function<Serving, T> call, T whenDead) {
        return machine.ask(call::apply, whenDead);
    }

    /**
     * Has a thread of the node do something and waits for it. Nothing of a node is ever called on a thread that would outlive it.
     *
     * @param whenDead the answer when the node dies meanwhile
     * @return null at once when the node is not serving
     */
    <T> @Nullable T ask(Function<Origin.Running, T> call, T whenDead) {
        return machine.ask(call, whenDead);
    }
}
