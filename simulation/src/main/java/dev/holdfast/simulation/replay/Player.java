package dev.holdfast.simulation.replay;

import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.provider.FaultyProvider;
import dev.holdfast.simulation.parts.Latency;
import dev.holdfast.simulation.parts.SimulatedDisk;
import dev.holdfast.simulation.parts.SimulatedProvider;
import dev.holdfast.simulation.scheduler.Pace;
import dev.holdfast.simulation.scheduler.Process;
import dev.holdfast.simulation.scheduler.Scheduler;
import dev.holdfast.simulation.scheduler.SimulatedTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Plays one outage on one arm. Every arm meets the same requests at the same moments. */
final class Player {
    private static final long MAX_STEPS = 2_000_000_000L;
    private static final long SETTLE_NANOS = 120_000_000_000L;
    private static final long POLL_NANOS = 1_000_000_000L;
    /** A call takes 1 to 3 ms to travel and a write 1 to 2 ms to sync: two services in one region. */
    private static final Latency NETWORK = new Latency(500_000, 1_000_000, 0, 0);

    private static final Latency DISK = new Latency(1_000_000, 1_000_000, 0, 0);
    private static final long SEED = 20250612;

    private final Scenario scenario;
    private final Load load;
    private final Way way;
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Scheduler scheduler = new Scheduler(random.split(), Pace.EVEN, MAX_STEPS);
    private final SimulatedTime time = new SimulatedTime(scheduler, new Process("replay"), random.split());
    private final Places places;
    private final Arm arm;
    private final Meter meter;
    private final Map<String, List<Long>> calls = new TreeMap<>();
    private long writes;
    private long underWay;

    /**
     * How the arm is built.
     *
     * @param ttlNanos of the cache in front, where there is one
     * @param repairNanos between two rounds of repair, where there are any
     */
    record Way(String arm, long ttlNanos, long repairNanos) {
        static final long TTL_NANOS = 60_000_000_000L;
        static final long REPAIR_NANOS = 60_000_000_000L;
        static final Way SINGLE = new Way("single", TTL_NANOS, 0);
        static final Way FIRST_ACK = new Way("first-ack", TTL_NANOS, REPAIR_NANOS);
        static final Way HOLDFAST = new Way("holdfast", 0, 0);

        String what() {
            return switch (arm) {
                case "single" -> "one provider, a cache with a TTL of 60 s";
                case "first-ack" -> "two providers, acknowledged on the first, a cache with a TTL of 60 s";
                default -> "Holdfast: two providers, acknowledged in two durable homes";
            };
        }
    }

    Player(Scenario scenario, Load load, Way way) {
        this.scenario = scenario;
        this.load = load;
        this.way = way;
        SimulatedProvider a = new SimulatedProvider("a", scheduler, random.split(), NETWORK, DISK);
        SimulatedProvider b = new SimulatedProvider("b", scheduler, random.split(), NETWORK, DISK);
        FaultyProvider wayToA = new FaultyProvider(a, time);
        FaultyProvider wayToB = new FaultyProvider(b, time);
        this.places = Places.of(a, b, wayToA, wayToB, !way.equals(Way.HOLDFAST));
        this.arm = switch (way.arm()) {
            case "single" -> new SingleArm(time, wayToA, way.ttlNanos());
            case "first-ack" -> new FirstAckArm(time, List.of(wayToA, wayToB), way.ttlNanos(), way.repairNanos());
            default ->
                new HoldfastArm(
                        time,
                        List.of(wayToA, wayToB),
                        new SimulatedDisk("node", scheduler, random.split(), DISK, false));
        };
        this.meter = new Meter(scenario.endNanos() + Scenario.AFTER_NANOS);
    }

    ArmResult play() {
        scheduler.run(time.process(), this::live);
        long lost = 0;
        for (int key : meter.writtenKeys()) {
            lost += meter.lost(key, left(key));
        }
        return new ArmResult(
                way.arm(),
                way.what(),
                meter.shares(scenario.beginNanos(), scenario.endNanos()),
                meter.shares(scenario.endNanos(), scenario.endNanos() + Scenario.AFTER_NANOS),
                meter.acknowledged(),
                lost,
                meter.minutes(),
                calls);
    }

    private void live() {
        arm.start();
        time.fork("outage", this::outage);
        time.fork("watch", this::watch);
        SplittableRandom requests = new SplittableRandom(SEED + 1);
        long end = scenario.endNanos() + Scenario.AFTER_NANOS;
        long next = load.nextArrivalNanos(requests);
        while (next < end) {
            time.park(next - scheduler.now());
            underWay++;
            if (load.nextIsWrite(requests)) {
                int key = load.nextWrite(requests);
                time.fork("write", () -> write(key));
            } else {
                int key = load.nextRead(requests);
                time.fork("read", () -> read(key));
            }
            next += load.nextArrivalNanos(requests);
        }
        long patience = scheduler.now() + SETTLE_NANOS;
        while ((underWay > 0 || !arm.settled()) && scheduler.now() < patience) {
            time.park(POLL_NANOS);
        }
    }

    private void outage() {
        for (Scenario.Event event : scenario.events()) {
            time.park(scenario.beginNanos() + event.nanos() - scheduler.now());
            event.action().accept(places);
        }
    }

    private void watch() {
        long end = scenario.endNanos() + Scenario.AFTER_NANOS;
        long[] before = new long[2];
        List<SimulatedProvider> both = List.of(places.a(), places.b());
        while (scheduler.now() < end) {
            time.park(Meter.BUCKET_NANOS);
            for (int i = 0; i < both.size(); i++) {
                long now = both.get(i).calls();
                calls.computeIfAbsent(both.get(i).name(), name -> new ArrayList<>())
                        .add(now - before[i]);
                before[i] = now;
            }
        }
    }

    private void read(int key) {
        long began = scheduler.now();
        try {
            Arm.Answer answer = arm.get(key);
            if (answer.number() >= meter.newest(key, began)) {
                meter.read(began);
            } else if (answer.number() >= meter.newest(key, began - answer.ageNanos())) {
                meter.readOvertaken(began);
            } else {
                meter.readOld(began);
            }
        } catch (Arm.Failed failed) {
            meter.readFailed(began);
        }
        underWay--;
    }

    private void write(int key) {
        long began = scheduler.now();
        long number = ++writes;
        try {
            arm.put(key, number);
            meter.wrote(began, scheduler.now(), key, number);
        } catch (Arm.Failed failed) {
            meter.writeFailed(began);
        }
        underWay--;
    }

    /** The newest write of the key that some provider still holds which is not gone. */
    private long left(int key) {
        long left = 0;
        for (SimulatedProvider place : List.of(places.a(), places.b())) {
            Record held = place.record(SingleArm.NAMESPACE, Load.key(key));
            if (held != null && !places.gone().contains(place.name())) {
                left = Math.max(left, Load.number(held.value()));
            }
        }
        return left;
    }
}
