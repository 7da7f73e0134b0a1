package dev.holdfast.simulation.incident;

import static dev.holdfast.simulation.incident.WatchedNode.SECOND;
import static dev.holdfast.simulation.incident.WatchedNode.live;

import dev.holdfast.engine.incident.AlarmKind;
import dev.holdfast.engine.incident.Incident;
import dev.holdfast.engine.incident.Severity;
import dev.holdfast.engine.incident.TimelineEntry;
import dev.holdfast.engine.provider.Fault;
import dev.holdfast.engine.provider.FaultMode;
import dev.holdfast.engine.provider.Operation;
import dev.holdfast.simulation.incident.WatchedNode.Told;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;

/** What goes wrong at a node that watches itself, and what it makes of it. Also hunts mutants: then it says which promise broke. */
public final class IncidentStories implements LongFunction<String> {
    static final double LOAD = 100;
    private static final long SOON = SECOND;
    private static final long RATED_SOON = 5 * SECOND;
    private static final int SEEDS = 2;

    /** How soon a fault was noticed, after it first showed. */
    record Noticed(FaultMode mode, long seed, long nanos, String as) {}

    @Override
    public String apply(long seed) {
        try {
            if (!faults(EnumSet.of(FaultMode.ERROR, FaultMode.STALE), 1, new ArrayList<>())
                            .isEmpty()
                    || !aLieOfTheLastOneLeft().isEmpty()
                    || !greyFailures().isEmpty()) {
                return "D detection";
            }
            if (!severities().isEmpty()) {
                return "D severity";
            }
            if (!oneCauseIsOneIncident().isEmpty()) {
                return "D one cause, one incident";
            }
            return aNodeThatDies().isEmpty() ? "" : "D durable";
        } catch (RuntimeException other) {
            return "D story";
        }
    }

    /**
     * Each mode at a provider that the other one masks: nobody is hurt, and yet it is found within a second of its first showing. It is one
     * incident, of the least severity, and is over when the fault is.
     *
     * @return what was not as promised
     */
    static List<String> faults(Set<FaultMode> modes, int seeds, List<Noticed> noticed) {
        List<String> wrong = new ArrayList<>();
        for (FaultMode mode : modes) {
            for (long seed = 0; seed < seeds; seed++) {
                long number = seed;
                live(seed, LOAD, node -> {
                    String where = mode + ", seed " + number + ": ";
                    node.world.park((number * 71 % 250) * WatchedNode.MILLI);
                    node.b.provider().inject(Fault.of(mode));
                    node.world.park(20 * SECOND);
                    Long shown = node.b.contradictedAt();
                    if (shown == null || node.told.isEmpty()) {
                        wrong.add(where + "shown at " + shown + ", told " + node.told);
                        return;
                    }
                    Told first = node.told.getFirst();
                    noticed.add(new Noticed(
                            mode, number, first.at() - shown, first.now().title()));
                    check(wrong, where + "late", first.at() - shown <= SOON && first.at() >= shown);
                    check(wrong, where + "severity", first.now().severity() == Severity.P4);
                    check(wrong, where + "hurt", only(node).severity() == Severity.P4);
                    check(wrong, where + "cause", only(node).cause().equals("provider:b"));
                    node.b.provider().clear();
                    node.await(where + "closed", 600 * SECOND, () -> !only(node).open());
                    check(wrong, where + "more than one", node.incidents().all().size() == 1);
                });
            }
        }
        return wrong;
    }

    /** With one provider gone, the other one lies: nobody outvotes it, and its state does not change. */
    static List<String> aLieOfTheLastOneLeft() {
        List<String> wrong = new ArrayList<>();
        for (FaultMode mode : List.of(FaultMode.CORRUPT, FaultMode.TRUNCATED)) {
            live(3, LOAD, node -> {
                node.a.provider().inject(Fault.of(FaultMode.ERROR));
                node.world.park(20 * SECOND);
                check(wrong, mode + ": one is gone", only(node).alarms().size() == 1);
                node.b.provider().inject(Fault.of(mode));
                node.world.park(3 * SECOND);
                Long shown = node.b.contradictedAt();
                Told lie = node.told.stream()
                        .filter(told -> on(told.now(), AlarmKind.CONTRADICTION))
                        .findFirst()
                        .orElse(null);
                check(wrong, mode + ": " + shown, shown != null && lie != null && lie.at() - shown <= SOON);
            });
        }
        return wrong;
    }

    /** A provider that is taken to be well, and does a part of its work badly. */
    static List<String> greyFailures() {
        List<String> wrong = new ArrayList<>();
        Set<Operation> all = EnumSet.allOf(Operation.class);
        List<Fault> faults = List.of(
                new Fault(FaultMode.SLOW, 1, all, Duration.ofMillis(15)),
                new Fault(FaultMode.ERROR, .1, all, Duration.ZERO),
                new Fault(FaultMode.BLACKHOLE, .08, EnumSet.of(Operation.GET, Operation.SIGHT), Duration.ZERO));
        for (Fault fault : faults) {
            live(4, LOAD, node -> {
                node.b.provider().inject(fault);
                node.world.park(30 * SECOND);
                check(
                        wrong,
                        fault + ": " + node.incidents().all(),
                        node.incidents().all().size() == 1
                                && on(only(node), AlarmKind.GREY)
                                && only(node).cause().equals("provider:b"));
            });
        }
        return wrong;
    }

    /** The same is worse where more depend on it, and is known within five seconds. */
    static List<String> severities() {
        List<String> wrong = new ArrayList<>();
        List<Severity> byTier = List.of(Severity.P0, Severity.P1, Severity.P1, Severity.P2);
        for (int tier = 0; tier < byTier.size(); tier++) {
            int asked = tier;
            live(5, LOAD, node -> {
                node.askOnly(asked);
                node.world.park(10 * SECOND);
                long at = node.scheduler.now();
                node.a.provider().inject(Fault.of(FaultMode.ERROR));
                node.b.provider().inject(Fault.of(FaultMode.ERROR));
                node.world.park(10 * SECOND);
                Severity due = byTier.get(asked);
                Told first = node.told.stream()
                        .filter(told -> told.now().severity() == due)
                        .findFirst()
                        .orElse(null);
                check(
                        wrong,
                        "tier " + asked + ": " + only(node),
                        first != null
                                && first.at() - at <= RATED_SOON
                                && only(node).worst() == due);
            });
        }
        return wrong;
    }

    /** Two providers fail alike, requests fail, writes wait, and then all of it is over and comes back: one incident. */
    static List<String> oneCauseIsOneIncident() {
        List<String> wrong = new ArrayList<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            live(seed, LOAD, node -> {
                for (int i = 0; i < 2; i++) {
                    node.a.provider().inject(Fault.of(FaultMode.BLACKHOLE));
                    node.b.provider().inject(Fault.of(FaultMode.BLACKHOLE));
                    node.world.park(20 * SECOND);
                    check(
                            wrong,
                            "all is wrong: " + node.incidents().all(),
                            only(node).open()
                                    && only(node).alarms().size() > 2
                                    && only(node).reopened() == i);
                    node.a.provider().clear();
                    node.b.provider().clear();
                    node.await("closed", 600 * SECOND, () -> !only(node).open());
                }
                check(
                        wrong,
                        "more than one: " + node.incidents().all(),
                        node.incidents().all().size() == 1);
            });
        }
        return wrong;
    }

    /** What is known of an incident outlives the process that knows it. */
    static List<String> aNodeThatDies() {
        List<String> wrong = new ArrayList<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            live(seed, LOAD, node -> {
                node.incidents().note("anna", "pulls the plug of b");
                node.b.provider().inject(Fault.of(FaultMode.ERROR));
                node.world.park(10 * SECOND);
                node.incidents().note("anna", "looks for the plug");
                String id = only(node).id();
                node.world.park(SECOND);
                List<TimelineEntry> before = node.incidents().timeline(id);
                int figures = node.incidents().series(id).size();
                node.crash();
                node.world.park(2 * SECOND);
                node.start();
                check(
                        wrong,
                        "it is not there",
                        only(node).id().equals(id) && only(node).open());
                List<TimelineEntry> after = node.incidents().timeline(id);
                check(
                        wrong,
                        "its timeline is not: " + after,
                        after.subList(0, before.size()).equals(before));
                check(
                        wrong,
                        "an operator is not: " + after,
                        told(after, "pulls the plug of b") && told(after, "looks for the plug"));
                check(
                        wrong,
                        "its figures are not",
                        figures > 20 && node.incidents().series(id).size() >= figures - 1);
                node.b.provider().clear();
                node.await("closed", 600 * SECOND, () -> !only(node).open());
                check(
                        wrong,
                        "nobody says what was done: " + node.incidents().timeline(id),
                        told(node.incidents().timeline(id), "missed writes were handed over"));
            });
        }
        return wrong;
    }

    private static boolean told(List<TimelineEntry> timeline, String what) {
        return timeline.stream().anyMatch(entry -> entry.what().contains(what));
    }

    private static boolean on(Incident incident, AlarmKind kind) {
        return incident.alarms().stream().anyMatch(alarm -> alarm.kind() == kind && alarm.on());
    }

    private static Incident only(WatchedNode node) {
        List<Incident> all = node.incidents().all();
        if (all.isEmpty()) {
            throw new AssertionError("there is no incident");
        }
        return all.getFirst();
    }

    private static void check(List<String> wrong, String what, boolean good) {
        if (!good) {
            wrong.add(what);
        }
    }
}
