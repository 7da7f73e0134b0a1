package dev.holdfast.simulation.world;

import dev.holdfast.simulation.scheduler.Pending;
import dev.holdfast.simulation.scheduler.Process;
import dev.holdfast.simulation.scheduler.Scheduler;
import dev.holdfast.simulation.scheduler.SimulatedTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What runs one process at a time, which dies at any moment and is started again. */
final class Machine<R> {
    private final String name;
    private final Scheduler scheduler;
    private final SplittableRandom random;
    private final Runnable changes;
    private final Function<SimulatedTime, R> boot;
    private final List<Runnable> outstanding = new ArrayList<>();
    private @Nullable SimulatedTime time;
    private @Nullable R serving;
    private long skewMillis;
    private int starts;

    /**
     * @param changes called when it dies and when it serves again
     * @param boot returns what serves, however long that takes, on a thread of the new process
     */
    Machine(
            String name,
            Scheduler scheduler,
            SplittableRandom random,
            Runnable changes,
            Function<SimulatedTime, R> boot) {
        this.name = name;
        this.scheduler = scheduler;
        this.random = random;
        this.changes = changes;
        this.boot = boot;
    }

    String name() {
        return name;
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
        own.fork("boot", () -> {
            serving = boot.apply(own);
            changes.run();
        });
    }

    /**
     * As kill -9 and a power cut: every thread stops where it is.
     *
     * @param power what else that does, once no thread runs any more
     */
    void crash(Runnable power) {
        SimulatedTime own = time;
        if (own == null) {
            return;
        }
        changes.run();
        own.process().kill();
        time = null;
        serving = null;
        power.run();
        outstanding.forEach(Runnable::run);
        outstanding.clear();
    }

    /** Whether it has begun to start and not crashed since. */
    boolean runs() {
        return time != null;
    }

    /** What serves; null when nothing does. */
    @Nullable
    R now() {
        return serving;
    }

    /** Which start this is. */
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
     * Has a thread of the process do something and waits for it. Nothing of it is ever called on a thread that would outlive it.
     *
     * @param whenDead the answer when it dies meanwhile
     * @return null at once when it is not serving
     */
    <T> @Nullable T ask(Function<R, T> call, T whenDead) {
        SimulatedTime own = time;
        R now = serving;
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
