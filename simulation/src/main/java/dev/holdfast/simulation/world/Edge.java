package dev.holdfast.simulation.world;

import dev.holdfast.engine.edge.Coverage;
import dev.holdfast.engine.edge.DiskLevel;
import dev.holdfast.engine.edge.FeedFollower;
import dev.holdfast.engine.edge.Near;
import dev.holdfast.engine.edge.NearStore;
import dev.holdfast.engine.edge.Pinned;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.simulation.parts.SimulatedDisk;
import dev.holdfast.simulation.scheduler.Scheduler;
import dev.holdfast.simulation.scheduler.SimulatedTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A machine that runs an edge, put together as the server does it, on a disk for what is near. */
final class Edge implements Station {
    private final EdgePlan plan;
    private final Namespace namespace;
    private final List<Wire> wires;
    private final SimulatedDisk disk;
    private final Recorder recorder;
    private final Machine<NearStore> machine;

    Edge(
            String name,
            EdgePlan plan,
            Namespace namespace,
            List<Wire> wires,
            SimulatedDisk disk,
            Scheduler scheduler,
            SplittableRandom random,
            Recorder recorder) {
        this.plan = plan;
        this.namespace = namespace;
        this.wires = List.copyOf(wires);
        this.disk = disk;
        this.recorder = recorder;
        this.machine = new Machine<>(name, scheduler, random, () -> recorder.edgeChanges(name), this::boot);
    }

    private NearStore boot(SimulatedTime own) {
        try {
            long room = plan.cache().diskBytes();
            DiskLevel level = room == 0 ? null : new DiskLevel(own, disk, room);
            Near near = Near.simulated(own, plan.cache(), level);
            List<FeedFollower> feeds = new ArrayList<>();
            for (Wire wire : wires) {
                feeds.add(new FeedFollower(own, new WiredChanges(wire, own), near, () -> {}));
            }
            WiredStore origins = new WiredStore(namespace, plan.ttlNanos(), own, wires, recorder);
            Coverage coverage = Coverage.all(feeds);
            NearStore store = new NearStore(origins, own, plan.cache(), coverage, near);
            if (plan.pinned()) {
                SimulatedDisk kept = level == null ? null : disk;
                List<Namespace> pinned = List.of(namespace);
                new Pinned(own, origins, coverage, near, kept, plan.cache(), () -> pinned);
            }
            return store;
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

    /** As {@link Machine#ask}. */
    <T> @Nullable T ask(Function<NearStore, T> call, T whenDead) {
        return machine.ask(call, whenDead);
    }
}
