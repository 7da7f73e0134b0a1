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

/**
 * The edges of a world and the applications beside them, who reads there, and what goes wrong with them: crashes, clocks, and the ways to
 * the origins.
 */
final class Edges {
    private static final long MILLI = 1_000_000L;
    /** Longer than any feed takes to be followed again. */
    private static final long CALM_NANOS = 10_000 * MILLI;

    private static final long LONGEST_DOWN_NANOS = 1_000 * MILLI;

    private final EdgePlan plan;
    private final SimulatedTime time;
    private final Recorder recorder;
    private final SplittableRandom random;
    private final List<Station> stations = new ArrayList<>();
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
        List<Serving.Host> edges = new ArrayList<>();
        for (int i = 0; i < plan.edges(); i++) {
            String name = "edge-" + i;
            boolean far = plan.tiered() && i == plan.edges() - 1;
            List<Wire> wires = wires(i, far ? edges : nodes, scheduler);
            SimulatedDisk disk = new SimulatedDisk(name, scheduler, random.split(), plan.network(), false);
            Edge edge = new Edge(name, far, plan, namespace, wires, disk, scheduler, random.split(), recorder);
            stations.add(edge);
            edges.add(edge);
            places.add(new Reader.Place.AtEdge(edge, namespace, plan.ttlNanos()));
        }
        for (int i = 0; i < plan.apps(); i++) {
            List<Wire> wires = wires(i, nodes, scheduler);
            App app = new App("app-" + i, plan, namespace, wires, scheduler, random.split(), recorder);
            stations.add(app);
            places.add(new Reader.Place.AtApp(app));
        }
        if (!stations.isEmpty()) {
            nodes.forEach(node -> places.add(new Reader.Place.AtOrigin(node, namespace, plan.ttlNanos())));
        }
    }

    /** Each station prefers another origin. */
    private List<Wire> wires(int station, List<? extends Serving.Host> hosts, Scheduler scheduler) {
        List<Wire> wires = new ArrayList<>();
        for (int j = 0; j < hosts.size(); j++) {
            Serving.Host origin = hosts.get((station + j) % hosts.size());
            wires.add(new Wire(origin, scheduler, time, random.split(), plan.network()));
        }
        return wires;
    }

    /** How many count down when it is over. */
    int threads() {
        return stations.isEmpty() ? 0 : readers() + stations.size() + ways();
    }

    /** Two more for each application, so that some of them keep to it. */
    private int readers() {
        return plan.readers() + 2 * plan.apps();
    }

    private int ways() {
        return stations.stream().mapToInt(station -> station.wires().size()).sum();
    }

    /** Starts them, and all that happens to them. */
    void live(Client.Stage stage, BooleanSupplier over, CountDownLatch ended) {
        if (stations.isEmpty()) {
            return;
        }
        stations.forEach(Station::start);
        for (int i = 0; i < readers(); i++) {
            Reader reader = reader("reader-" + i, places.get(i % places.size()), stage);
            fork("reader", ended, () -> reader.run(plan.thinkNanos(), over));
        }
        for (Station station : stations) {
            SplittableRandom crashes = random.split();
            fork("edge-crasher", ended, () -> crash(station, crashes, over));
            for (Wire wire : station.wires()) {
                SplittableRandom cuts = random.split();
                fork("wire-cutter", ended, () -> cut(station, wire, cuts, over));
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

    private void crash(Station station, SplittableRandom crashes, BooleanSupplier over) {
        while (plan.crashNanos() > 0 && !over.getAsBoolean()) {
            time.park(1 + crashes.nextLong(plan.crashNanos()));
            recorder.fault(station.name() + " crashes");
            station.crash();
            long most = History.MOST_SKEW_NANOS / MILLI;
            station.skew(crashes.nextInt(3) == 0 ? crashes.nextLong(2 * most) - most : 0);
            time.park(1 + crashes.nextLong(LONGEST_DOWN_NANOS));
            recorder.incident(station.name() + " starts");
            station.start();
        }
    }

    private void cut(Station station, Wire wire, SplittableRandom cuts, BooleanSupplier over) {
        while (plan.cutGapNanos() > 0 && !over.getAsBoolean()) {
            time.park(1 + cuts.nextLong(plan.cutGapNanos()));
            recorder.fault(station.name() + " is cut off from " + wire.name());
            wire.cut(true);
            time.park(1 + cuts.nextLong(plan.cutNanos()));
            recorder.incident(station.name() + " reaches " + wire.name());
            wire.cut(false);
        }
    }

    /** All has been mended, and nobody writes: what is near is asked for once more, and then must be the newest. */
    void readAll(Client.Stage stage) {
        if (stations.isEmpty()) {
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
