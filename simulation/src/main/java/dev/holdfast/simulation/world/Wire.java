package dev.holdfast.simulation.world;

import dev.holdfast.simulation.parts.Latency;
import dev.holdfast.simulation.scheduler.Pending;
import dev.holdfast.simulation.scheduler.Process;
import dev.holdfast.simulation.scheduler.Scheduler;
import dev.holdfast.simulation.scheduler.SimulatedTime;
import dev.holdfast.simulation.scheduler.Timer;
import java.util.SplittableRandom;
import java.util.function.Function;

/** The way from one edge to one origin, or to another edge. What an origin has begun it goes on with, whatever becomes of the way or of who has asked. */
final class Wire {
    private final Serving.Host origin;
    private final Scheduler scheduler;
    private final SimulatedTime network;
    private final Process ways;
    private final SplittableRandom random;
    private final Latency latency;
    private boolean cut;

    /** What comes of a call. */
    sealed interface Came<T> {
        record Answered<T>(T answer) implements Came<T> {}

        /** Nobody listens there: nothing has been sent. */
        record Unreachable<T>() implements Came<T> {}

        /** The origin died under way. */
        record Broken<T>() implements Came<T> {}

        /** There was no answer in time. */
        record Late<T>() implements Came<T> {}
    }

    Wire(Serving.Host origin, Scheduler scheduler, SimulatedTime network, SplittableRandom random, Latency latency) {
        this.origin = origin;
        this.scheduler = scheduler;
        this.network = network;
        this.ways = network.process();
        this.random = random;
        this.latency = latency;
    }

    String name() {
        return origin.name();
    }

    /** While it is cut, whatever is on its way is lost without a word. */
    void cut(boolean now) {
        cut = now;
    }

    /** Has a thread of the origin do something, and waits for its answer. Called on a thread of the edge. */
    <T> Came<T> call(Function<Serving, T> work, long withinNanos) {
        Pending<Came<T>, RuntimeException> reply = new Pending<>();
        Timer late = scheduler.after(withinNanos, ways, () -> reply.answer(new Came.Late<>()));
        carry(() -> network.fork("wire", () -> {
            Came<T> came = origin.serve(running -> new Came.Answered<>(work.apply(running)), new Came.Broken<>());
            carry(() -> reply.answer(came == null ? new Came.Unreachable<>() : came));
        }));
        Came<T> came = reply.await();
        late.cancel();
        return came;
    }

    private void carry(Runnable arrives) {
        if (!cut) {
            scheduler.after(latency.next(random), ways, () -> {
                if (!cut) {
                    arrives.run();
                }
            });
        }
    }
}
