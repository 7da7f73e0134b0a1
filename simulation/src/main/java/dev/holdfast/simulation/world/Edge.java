package dev.holdfast.simulation.world;

import dev.holdfast.engine.admission.AdmissionConfig;
import dev.holdfast.engine.admission.AdmittedStore;
import dev.holdfast.engine.admission.RampConfig;
import dev.holdfast.engine.admission.Standing;
import dev.holdfast.engine.edge.Coverage;
import dev.holdfast.engine.edge.DiskLevel;
import dev.holdfast.engine.edge.FeedFollower;
import dev.holdfast.engine.edge.Near;
import dev.holdfast.engine.edge.NearStore;
import dev.holdfast.engine.edge.Pinned;
import dev.holdfast.engine.edge.Relay;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.simulation.parts.SimulatedDisk;
import dev.holdfast.simulation.scheduler.Scheduler;
import dev.holdfast.simulation.scheduler.SimulatedTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A machine that runs an edge, put together as the server does it, on a disk for what is near. */
final class Edge implements Station, Serving.Host {
    private final EdgePlan plan;
    private final boolean far;
    private final Namespace namespace;
    private final List<Wire> wires;
    private final SimulatedDisk disk;
    private final Recorder recorder;
    private final Machine<Running> machine;

    /** An edge that runs, until its process is killed. */
    private record Running(NearStore near, Relay changes) implements Serving {
        @Override
        public Store store() {
            return near;
        }
    }

    /** @param far whether the wires lead to other edges */
    Edge(
            String name,
            boolean far,
            EdgePlan plan,
            Namespace namespace,
            List<Wire> wires,
            SimulatedDisk disk,
            Scheduler scheduler,
            SplittableRandom random,
            Recorder recorder) {
        this.far = far;
        this.plan = plan;
        this.namespace = namespace;
        this.wires = List.copyOf(wires);
        this.disk = disk;
        this.recorder = recorder;
        this.machine = new Machine<>(name, scheduler, random, () -> recorder.edgeChanges(name), this::boot);
    }

    private Running boot(SimulatedTime own) {
        try {
            long room = plan.cache().diskBytes();
            DiskLevel level = room == 0 ? null : new DiskLevel(own, disk, room);
            Near near = Near.simulated(own, plan.cache(), level);
            Relay relay = new Relay(own, plan.relayedBytes());
            List<FeedFollower> feeds = new ArrayList<>();
            for (Wire wire : wires) {
                feeds.add(new FeedFollower(own, new WiredChanges(wire, own), near, relay, () -> {}));
            }
            WiredStore origins = new WiredStore(_ -> namespace, plan.ttlNanos(), own, wires, far ? null : recorder);
            Coverage coverage = Coverage.all(feeds);
            AdmittedStore admitted = AdmittedStore.open(
                    origins, own, AdmissionConfig.DEFAULT, RampConfig.DEFAULT, id -> Standing.of(namespace), disk);
            NearStore store = new NearStore(admitted, own, plan.cache(), coverage, near);
            if (plan.pinned()) {
                SimulatedDisk kept = level == null ? null : disk;
                List<Namespace> pinned = List.of(namespace);
                new Pinned(own, origins, coverage, near, kept, plan.cache(), () -> pinned);
            }
            return new Running(store, relay);
        } catch (LocalStoreFault fault) {
            throw new IllegalStateException("the disk of an edge never fails", fault);
        }
    }

    @Override
    public Machine<?> machine() {
        return machine;
    }

    @Override
    public List<Wire> wires() {
        return wires;
    }

    @Override
    public void crash() {
        machine.crash(disk::crash);
    }

    /** Whether it asks other edges. */
    boolean far() {
        return far;
    }

    @Override
    public String name() {
        return machine.name();
    }

    @Override
    public <T> @Nullable T serve(Function<Serving, T> call, T whenDead) {
        return machine.ask(call::apply, whenDead);
    }

    /** As {@link Machine#ask}. */
    <T> @Nullable T ask(Function<NearStore, T> call, T whenDead) {
        return machine.ask(running -> call.apply(running.near()), whenDead);
    }
}
