package dev.holdfast.simulation.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.edge.EdgeConfig;
import dev.holdfast.engine.edge.Near;
import dev.holdfast.engine.edge.NearStore;
import dev.holdfast.engine.edge.OwnCoverage;
import dev.holdfast.engine.incident.Alarm;
import dev.holdfast.engine.incident.AlarmKind;
import dev.holdfast.engine.incident.Incident;
import dev.holdfast.engine.incident.IncidentConfig;
import dev.holdfast.engine.incident.Incidents;
import dev.holdfast.engine.incident.Sources;
import dev.holdfast.engine.provider.Fault;
import dev.holdfast.engine.provider.FaultMode;
import dev.holdfast.engine.provider.MemoryLocalStore;
import dev.holdfast.engine.provider.Operation;
import dev.holdfast.engine.replication.StoreStatus.ClockView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Nodes over the same providers see by their registrations whose clock is off, and take nothing else for that. */
class SkewTest {
    private static final int SEEDS = Integer.getInteger("skew.seeds", 100);
    /** A registration is written every ten seconds, and read within one. */
    private static final Duration EXCHANGE = Duration.ofSeconds(12);

    private static Optional<ClockView> clock(Cluster.Node at, String of) {
        return at.store().status().clocks().stream()
                .filter(clock -> clock.of().equals("node " + of))
                .findFirst();
    }

    private static long shown(Cluster.Node at, String of) {
        return clock(at, of).map(clock -> clock.bounds().shown()).orElse(0L);
    }

    private static Incidents watch(Cluster.Node node) throws Exception {
        NearStore near = new NearStore(
                node.store(),
                node.time(),
                EdgeConfig.DEFAULT,
                new OwnCoverage(node.store()),
                Near.simulated(node.time(), EdgeConfig.DEFAULT, null));
        return Incidents.open(node.time(), new MemoryLocalStore(), IncidentConfig.DEFAULT, Sources.of(near, _ -> 0));
    }

    private static List<Alarm> clockAlarms(Incidents incidents) {
        return incidents.all().stream()
                .flatMap(incident -> incident.alarms().stream())
                .filter(alarm -> alarm.kind() == AlarmKind.CLOCK)
                .toList();
    }

    @Test
    void aClockThatIsFiveSecondsAheadIsNoticedByAllWithTheNextExchange() {
        for (long seed = 0; seed < SEEDS; seed++) {
            long ahead = seed % 2 == 0 ? 5_000 : -5_000;
            Cluster.run(seed, cluster -> {
                Cluster.Node x = cluster.start("x", new MemoryLocalStore());
                Cluster.Node y = cluster.start("y", new MemoryLocalStore());
                Cluster.Node z = cluster.start("z", new MemoryLocalStore());
                cluster.until(
                        () -> clock(x, "y").isPresent()
                                && clock(x, "z").isPresent()
                                && clock(z, "y").isPresent(),
                        x.store()::status);
                y.skew(ahead);
                if (ahead > 0) {
                    cluster.sleep(EXCHANGE);
                    assertThat(shown(x, "y")).isBetween(2_001L, 5_000L);
                    assertThat(shown(z, "y")).isBetween(2_001L, 5_000L);
                }
                // That one is behind shows in what it says it has heard, so that must come to it first.
                cluster.sleep(EXCHANGE.multipliedBy(3));
                for (Cluster.Node other : List.of(x, z)) {
                    assertThat(shown(other, "y") * Long.signum(ahead)).isBetween(2_001L, 5_000L);
                }
                assertThat(shown(y, "x") * Long.signum(ahead)).isBetween(-5_000L, -2_001L);
                assertThat(shown(x, "z")).isZero();
                assertThat(shown(z, "x")).isZero();
            });
        }
    }

    @Test
    void itIsOneAlarmForEachPairWithTheOneNamedThatIsOffAndEndsWhenItIsSetRight() {
        Cluster.run(cluster -> {
            Cluster.Node x = cluster.start("x", new MemoryLocalStore());
            Cluster.Node y = cluster.start("y", new MemoryLocalStore());
            cluster.start("z", new MemoryLocalStore());
            Incidents atX = watch(x);
            Incidents atY = watch(y);
            cluster.sleep(Duration.ofSeconds(40));
            y.skew(5_000);
            cluster.sleep(Duration.ofSeconds(60));
            assertThat(skewed(atX))
                    .singleElement()
                    .satisfies(incident -> assertThat(incident.alarms())
                            .singleElement()
                            .satisfies(alarm -> {
                                assertThat(alarm.subject()).isEqualTo("node y");
                                assertThat(alarm.evidence()).contains("ahead of this node's: likely that one is off");
                            }));
            assertThat(skewed(atY)).singleElement().satisfies(incident -> {
                assertThat(incident.alarms()).extracting(Alarm::subject).containsExactlyInAnyOrder("node x", "node z");
                assertThat(incident.alarms().getFirst().evidence()).doesNotContain("likely that one is off");
                assertThat(incident.alarms().getLast().evidence()).contains("likely this node's is off");
            });
            y.skew(0);
            cluster.sleep(Duration.ofSeconds(100));
            assertThat(skewed(atX)).singleElement().matches(incident -> !incident.open());
            assertThat(skewed(atY)).singleElement().matches(incident -> !incident.open());
        });
    }

    private static List<Incident> skewed(Incidents incidents) {
        return incidents.all().stream()
                .filter(incident -> incident.cause().contains("clock:skew"))
                .toList();
    }

    private static Fault some(SplittableRandom random) {
        FaultMode mode = random.nextInt(3) == 0 ? FaultMode.ERROR : FaultMode.SLOW;
        return new Fault(
                mode,
                .05 + .6 * random.nextDouble(),
                EnumSet.allOf(Operation.class),
                Duration.ofMillis(random.nextInt(2) == 0 ? 10_000 : random.nextLong(10_000)));
    }

    @Test
    void delaysOfTenSecondsPausesAndDropsAreNotTakenForAClockThatIsOff() {
        List<Long> heard = new ArrayList<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Cluster.run(seed, cluster -> {
                List<Cluster.Node> nodes = List.of(
                        cluster.start("x", new MemoryLocalStore()),
                        cluster.start("y", new MemoryLocalStore()),
                        cluster.start("z", new MemoryLocalStore()));
                for (Cluster.Node node : nodes) {
                    // Any two differ by less than what is allowed.
                    node.skew(random.nextLong(1_900) - 950);
                }
                Incidents atX = watch(nodes.getFirst());
                long seen = 0;
                for (int i = 0; i < 400; i++) {
                    Cluster.Node one = nodes.get(random.nextInt(nodes.size()));
                    switch (random.nextInt(12)) {
                        case 0 -> one.suffer(some(random), some(random));
                        case 1 -> one.reachAll();
                        case 2 -> one.pause(Duration.ofMillis(random.nextLong(10_000)));
                        default -> cluster.sleep(Duration.ofMillis(500));
                    }
                    for (Cluster.Node node : nodes) {
                        for (ClockView clock : node.store().status().clocks()) {
                            assertThat(clock.bounds().apart()).as("%s", clock).isFalse();
                            seen++;
                        }
                    }
                }
                assertThat(skewed(atX)).isEmpty();
                heard.add(seen);
            });
        }
        // Else this would show nothing.
        assertThat(heard.stream().filter(seen -> seen > 400).count()).isGreaterThan(SEEDS / 2);
    }

    @Test
    void aStepOfTheOwnClockIsAnAlarmOfItsOwn() {
        Cluster.run(cluster -> {
            Cluster.Node x = cluster.start("x", new MemoryLocalStore());
            Incidents atX = watch(x);
            cluster.sleep(Duration.ofSeconds(5));
            x.skew(5_000);
            cluster.sleep(Duration.ofSeconds(5));
            assertThat(clockAlarms(atX))
                    .singleElement()
                    .extracting(Alarm::subject)
                    .isEqualTo("node");
        });
    }
}
