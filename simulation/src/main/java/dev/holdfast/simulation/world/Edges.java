package dev.holdfast.simulation.world;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.simulation.history.History;
import dev.holdfast.simulation.parts.SimulatedDisk;
import dev.holdfast.simulation.scheduler.Scheduler;
import dev.holdfast.simulation.scheduler.SimulatedTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/** The edges of a world, who reads there, and what goes wrong with them: crashes, clocks, and the ways to the origins. */
final class Edges {
    private static final long MILLI = 1_000_000L;
    /** Longer than any feed takes to be followed again. */
    private static final long CALM_NANOS = 10_000 * MILLI;

    private static final long LONGEST_DOWN_NANOS = 1_000 * MILLI;

    private final EdgePlan plan;
    private final SimulatedTime time;
    private final Recorder recorder;
    private final SplittableRandom random;
    private final List<Edge> edges = new ArrayList<>();
    private final List<Reader.Place> places = new ArrayList<>();

    Edges(
            EdgePlan plan,
            List<Node> nodes,
            Namespace namespace,
            Scheduler scheduler,
            SimulatedTime time,
            Recorder recorder,
            SplittableRandom random) {
        this.plan = plan;
        this.time = time;
        this.recorder = recorder;
        this.random = random;
        for (int i = 0; i < plan.edges(); i++) {
            String name = "edge-" + i;
            List<Wire> wires = new ArrayList<>();
            for (int j = 0; j < nodes.size(); j++) {
                // Each edge prefers another origin.
                Node origin = nodes.get((i + j) % nodes.size());
                wires.add(new Wire(origin, scheduler, time, random.split(), plan.network()));
            }
            SimulatedDisk disk = new SimulatedDisk(name, scheduler, random.split(), plan.network(), false);
            Edge edge = new Edge(name, plan, namespace, wires, disk, scheduler, random.split(), recorder);
            edges.add(edge);
            places.add(new Reader.Place.AtEdge(edge));
        }
        if (!edges.isEmpty()) {
            nodes.forEach(node -> places.add(new Reader.Place.AtOrigin(node)));
        }
    }

    /** How many count down when it is over. */
    int threads() {
        return edges.isEmpty() ? 0 : plan.readers() + edges.size() + ways();
    }

    private int ways() {
        return edges.stream().mapToInt(edge -> edge.wires().size()).sum();
    }

    /** Starts the edges and all that happens to them. */
    void live(Client.Stage stage, BooleanSupplier over, CountDownLatch ended) {
        if (edges.isEmpty()) {
            return;
        }
        edges.forEach(Edge::start);
        for (int i = 0; i < plan.readers(); i++) {
            Reader reader = reader("reader-" + i, places.get(i % places.size()), stage);
            fork("reader", ended, () -> reader.run(plan.thinkNanos(), over));
        }
        for (Edge edge : edges) {
            SplittableRandom crashes = random.split();
            fork("edge-crasher", ended, () -> crash(edge, crashes, over));
            for (Wire wire : edge.wires()) {
                SplittableRandom cuts = random.split();
                fork("wire-cutter", ended, () -> cut(edge, wire, cuts, over));
            }
        }
    }

    private Reader reader(String name, Reader.Place own, Client.Stage stage) {
        return new Reader(name, own, places, stage, plan.ttlNanos(), random.split());
    }

    private void fork(String name, CountDownLatch ended, Runnable task) {
        time.fork(name, () -> {
            task.run();
            ended.countDown();
        });
    }

    private void crash(Edge edge, SplittableRandom crashes, BooleanSupplier over) {
        while (plan.crashNanos() > 0 && !over.getAsBoolean()) {
            time.park(1 + crashes.nextLong(plan.crashNanos()));
            recorder.fault(edge.name() + " crashes");
            edge.crash();
            long most = History.MOST_SKEW_NANOS / MILLI;
            edge.skew(crashes.nextInt(3) == 0 ? crashes.nextLong(2 * most) - most : 0);
            time.park(1 + crashes.nextLong(LONGEST_DOWN_NANOS));
            recorder.incident(edge.name() + " starts");
            edge.start();
        }
    }

    private void cut(Edge edge, Wire wire, SplittableRandom cuts, BooleanSupplier over) {
        while (plan.cutGapNanos() > 0 && !over.getAsBoolean()) {
            time.park(1 + cuts.nextLong(plan.cutGapNanos()));
            recorder.fault(edge.name() + " is cut off from " + wire.name());
            wire.cut(true);
            time.park(1 + cuts.nextLong(plan.cutNanos()));
            recorder.incident(edge.name() + " reaches " + wire.name());
            wire.cut(false);
        }
    }

    /** All has been mended, and nobody writes: what is near is asked for once more, and then must be the newest. */
    void readAll(Client.Stage stage) {
        if (edges.isEmpty()) {
            return;
        }
        time.park(CALM_NANOS);
        for (Reader.Place place : places) {
            Reader last = reader("last-" + place.name(), place, stage);
            for (Key key : stage.keys()) {
                last.read(place, key, List.of(), false);
            }
            time.park(1_000 * MILLI);
            for (Key key : stage.keys()) {
                last.read(place, key, List.of(), true);
            }
        }
    }
}
