package dev.holdfast.simulation.world;

import dev.holdfast.client.Holdfast;
import dev.holdfast.client.Namespace;
import dev.holdfast.client.OnOutage;
import dev.holdfast.client.transport.Time;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Point;
import dev.holdfast.simulation.scheduler.Scheduler;
import dev.holdfast.simulation.scheduler.SimulatedTime;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An application that uses the Java client, with a near cache in memory. */
final class App implements Station {
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    /** Room for all keys: what had to make room a client without a disk does not know any more, and may be told less by another origin. */
    private static final long MEMORY_BYTES = 1L << 20;

    private final EdgePlan plan;
    private final dev.holdfast.engine.kv.Namespace namespace;
    private final List<Wire> wires;
    private final Recorder recorder;
    private final Map<Version, Point> made = new HashMap<>();
    private final Machine<Namespace> machine;

    App(
            String name,
            EdgePlan plan,
            dev.holdfast.engine.kv.Namespace namespace,
            List<Wire> wires,
            Scheduler scheduler,
            SplittableRandom random,
            Recorder recorder) {
        this.plan = plan;
        this.namespace = namespace;
        this.wires = List.copyOf(wires);
        this.recorder = recorder;
        this.machine = new Machine<>(name, scheduler, random, () -> recorder.edgeChanges(name), this::boot);
    }

    private Namespace boot(SimulatedTime own) {
        OriginApi api = new OriginApi(namespace, plan.ttlNanos(), own, recorder, made::put);
        Map<URI, Wire> ways = new HashMap<>();
        Holdfast.Builder builder = Holdfast.builder()
                .time(new ClientTime(own))
                .deadline(DEADLINE)
                .refreshAfter(Duration.ofNanos(plan.ttlNanos()))
                .onOutage(onOutage())
                .nearCache(MEMORY_BYTES);
        for (Wire wire : wires) {
            URI address = URI.create("http://" + wire.name());
            ways.put(address, wire);
            builder.endpoint(address);
        }
        if (plan.appsFollow()) {
            builder.followChanges();
        }
        return builder.http(new SimulatedHttp(ways, own, api)).build().namespace(namespace.title());
    }

    /** What the namespace has edges do, too. */
    private OnOutage onOutage() {
        return switch (plan.onOutage()) {
            case dev.holdfast.engine.kv.OnOutage.Closed _ -> OnOutage.closed();
            case dev.holdfast.engine.kv.OnOutage.Stale(Duration most) -> OnOutage.stale(most);
            case dev.holdfast.engine.kv.OnOutage.Default _ -> OnOutage.stale(Duration.ofDays(7));
        };
    }

    /** The door of the engine as the client has it. */
    private record ClientTime(SimulatedTime own) implements Time {
        @Override
        public long wallMillis() {
            return own.wallMillis();
        }

        @Override
        public long nanos() {
            return own.nanos();
        }

        @Override
        public double random() {
            return own.random().nextDouble();
        }

        @Override
        public Thread fork(String name, Runnable task) {
            return own.fork(name, task);
        }

        @Override
        public void park(long nanos) {
            own.park(nanos);
        }
    }

    @Override
    public Machine<?> machine() {
        return machine;
    }

    /** Whether its client hears of changes. */
    boolean follows() {
        return plan.appsFollow();
    }

    @Override
    public List<Wire> wires() {
        return wires;
    }

    @Override
    public void crash() {
        machine.crash(() -> {});
    }

    /** As {@link Machine#ask}. */
    <T> @Nullable T ask(Function<Caller, T> call, T whenDead) {
        return machine.ask(client -> call.apply(new ClientCaller(client, made)), whenDead);
    }
}
