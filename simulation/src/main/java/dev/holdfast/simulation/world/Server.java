package dev.holdfast.simulation.world;

import dev.holdfast.simulation.scheduler.Pending;
import dev.holdfast.simulation.scheduler.Scheduler;
import dev.holdfast.simulation.scheduler.SimulatedTime;
import dev.holdfast.simulation.scheduler.Timer;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A machine that serves requests whose clients give up after a while: it goes on with them all the same, as servers do, and refuses
 * more than so many at a time. For worlds that are told and not drawn.
 */
public final class Server<R> {
    /** As {@code http.calls} has it. */
    private static final int MOST_UNDER_WAY = 4096;

    private final Machine<R> machine;
    private final Scheduler scheduler;
    private final Runnable power;
    private int underWay;

    /**
     * @param boot returns what serves, on a thread of the new process
     * @param power what else it does to lose the power, once no thread runs any more
     */
    public Server(
            String name,
            Scheduler scheduler,
            SplittableRandom random,
            Function<SimulatedTime, R> boot,
            Runnable power) {
        this.machine = new Machine<>(name, scheduler, random, () -> {}, boot);
        this.scheduler = scheduler;
        this.power = power;
    }

    Machine<R> machine() {
        return machine;
    }

    /** Begins to start, unless it runs. */
    public void start() {
        machine.start();
    }

    /** As kill -9 and a power cut: every thread stops where it is. */
    public void crash() {
        machine.crash(power);
        underWay = 0;
    }

    /** What serves, for what needs no thread of its own; null when nothing does. */
    public @Nullable R now() {
        return machine.now();
    }

    /**
     * Has it do something, and waits for the answer.
     *
     * @param users whose thread this is
     * @param otherwise the answer when there is none in time, when it is not serving, has too much to do, or dies meanwhile
     */
    public <T> T ask(SimulatedTime users, Function<R, T> work, long withinNanos, T otherwise) {
        if (machine.now() == null || underWay >= MOST_UNDER_WAY) {
            return otherwise;
        }
        Pending<T, RuntimeException> reply = new Pending<>();
        Timer late = scheduler.after(withinNanos, users.process(), () -> reply.answer(otherwise));
        users.fork("request", () -> {
            int start = machine.starts();
            underWay++;
            T answer = machine.ask(work, otherwise);
            underWay -= start == machine.starts() && machine.runs() ? 1 : 0;
            reply.answer(answer == null ? otherwise : answer);
        });
        T answer = reply.await();
        late.cancel();
        return answer;
    }
}
