package dev.holdfast.simulation.world;

import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.simulation.parts.SimulatedDisk;
import dev.holdfast.simulation.scheduler.Process;
import dev.holdfast.simulation.scheduler.Reply;
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

    private final Variant variant;
    private final Scheduler scheduler;
    private final SplittableRandom random;
    private final List<Provider> providers;
    private final SimulatedDisk disk;
    private final List<Runnable> outstanding = new ArrayList<>();
    private @Nullable SimulatedTime time;
    private Origin.@Nullable Running running;
    private long skewMillis;
    private int starts;

    Node(Variant variant, Scheduler scheduler, SplittableRandom random, List<Provider> providers, SimulatedDisk disk) {
        this.variant = variant;
        this.scheduler = scheduler;
        this.random = random;
        this.providers = providers;
        this.disk = disk;
    }

    /** Begins to start. */
    void start() {
        Process process = new Process("node." + ++starts);
        SimulatedTime own = new SimulatedTime(scheduler, process, random.split());
        own.skew(skewMillis);
        time = own;
        own.fork("boot", () -> boot(own));
    }

    /** As whatever keeps the process running would do: a start that fails is tried again. */
    private void boot(SimulatedTime own) {
        LocalStore seen = variant.disk().apply(disk);
        while (running == null) {
            try {
                running = variant.origin().start(own, providers, seen);
            } catch (LocalStore.LocalStoreFault fault) {
                own.park(BOOT_PAUSE_NANOS);
            }
        }
    }

    /** As kill -9 and a power cut: every thread stops where it is, what was not synced is gone. */
    void crash() {
        SimulatedTime own = time;
        if (own == null) {
            return;
        }
        own.process().kill();
        time = null;
        running = null;
        disk.crash();
        outstanding.forEach(Runnable::run);
        outstanding.clear();
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
        Origin.Running serving = running;
        if (own == null || serving == null) {
            return null;
        }
        Reply<T, RuntimeException> reply = new Reply<>();
        Runnable dies = () -> reply.answer(whenDead);
        outstanding.add(dies);
        own.fork("request", () -> reply.answer(call.apply(serving)));
        T answer = reply.await();
        outstanding.remove(dies);
        return answer;
    }
}
