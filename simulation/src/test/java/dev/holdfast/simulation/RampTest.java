package dev.holdfast.simulation;

import static dev.holdfast.simulation.TwoHomes.MILLI;
import static dev.holdfast.simulation.TwoHomes.SECOND;
import static dev.holdfast.simulation.TwoHomes.inEveryWorld;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.admission.AdmissionConfig;
import dev.holdfast.engine.admission.AdmittedStore;
import dev.holdfast.engine.admission.Gate;
import dev.holdfast.engine.admission.Gates;
import dev.holdfast.engine.admission.Ramp.Choice;
import dev.holdfast.engine.admission.Ramp.Outcome;
import dev.holdfast.engine.admission.Ramp.Refusal;
import dev.holdfast.engine.admission.RampConfig;
import dev.holdfast.engine.admission.RampEvent;
import dev.holdfast.engine.admission.RampStatus;
import dev.holdfast.engine.admission.Standing;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.Namespace.Policy;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.ReadMode;
import dev.holdfast.simulation.parts.SimulatedDisk;
import dev.holdfast.simulation.parts.SimulatedDisk.Ailment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** What a ramp decides, told as stories. */
class RampTest {
    private static final RampConfig BOUNDS = new RampConfig(
            Duration.ofSeconds(1),
            Duration.ofSeconds(4),
            Duration.ofSeconds(3),
            0.01,
            Duration.ofMillis(100),
            Duration.ofMillis(100),
            1,
            8);
    private static final Choice ALL = new Choice(List.of(), true);
    private static final Choice SHUT = new Choice(List.of(), false);
    private static final Namespace IDENTITY = namespace(1, "identity", Policy.DEFAULT.withTier(0));
    private static final Namespace SHOP = namespace(2, "shop", Policy.DEFAULT);
    private static final Namespace BULK = namespace(3, "bulk", Policy.DEFAULT.withTier(3));
    private static final List<Namespace> NAMESPACES = List.of(BULK, SHOP, IDENTITY);

    private static Namespace namespace(long id, String title, Policy policy) {
        return new Namespace(new NamespaceId(9, id), title, "0".repeat(32), "", "", policy, 0, 0);
    }

    /** A node with its gates over a store that does as the story says. */
    private static final class Node {
        private final TwoHomes world;
        private final SimulatedDisk disk;
        private final ScriptedStore store;
        private final AdmittedStore admitted;
        private final List<RampEvent.Kind> told = new ArrayList<>();
        private boolean asking = true;

        Node(TwoHomes world, SimulatedDisk disk) throws Exception {
            this.world = world;
            this.disk = disk;
            this.store = new ScriptedStore(world.time);
            this.admitted = AdmittedStore.open(
                    store, world.time, AdmissionConfig.DEFAULT, BOUNDS, _ -> Standing.of(SHOP), disk);
            admitted.ramp().listen(event -> told.add(event.kind()));
        }

        Node(TwoHomes world) throws Exception {
            this(world, world.disk());
        }

        /** So many questions a second of each namespace, of a thousand keys. */
        void ask(int perSecond) {
            for (Namespace namespace : NAMESPACES) {
                world.time.fork("load", () -> {
                    for (int i = 0; asking; i++) {
                        int key = i * 7919 % 1000;
                        world.time.fork("read", () -> reads(namespace, "k" + key));
                        world.time.park(SECOND / perSecond);
                    }
                });
            }
        }

        boolean reads(Namespace namespace, String key) {
            return admitted.get(namespace.id(), Key.of(key), ReadMode.CACHED) instanceof Answer.Found;
        }

        RampStatus status() {
            return admitted.ramp().status().orElseThrow();
        }

        Gate gate(Namespace namespace) {
            return admitted.gates().of(namespace.id());
        }

        void start(Choice choice) {
            assertThat(admitted.ramp().start(NAMESPACES, choice, "token t", "a test"))
                    .isInstanceOf(Outcome.Done.class);
        }

        void awaitGate(Namespace namespace, String gate) {
            until(namespace.title() + " is " + gate, () -> gate(namespace).equals(Gate.parse(gate)));
        }

        void until(String what, BooleanSupplier condition) {
            for (int i = 0; !condition.getAsBoolean(); i++) {
                assertThat(i).as(what).isLessThan(3_000);
                world.time.park(50 * MILLI);
            }
        }

        void end() {
            asking = false;
            admitted.close();
            world.time.park(SECOND);
        }
    }

    @Test
    void wavesOpenInTheirOrderAndAllEndsOpenWhenItWasForetold() {
        inEveryWorld(world -> {
            Node node = new Node(world);
            Duration takes = node.admitted.ramp().plan(NAMESPACES, ALL).takes();
            long began = world.time.nanos();
            node.start(ALL);
            assertThat(node.gate(SHOP)).isEqualTo(Gate.STALE_ONLY);
            assertThat(node.status().left()).isEqualTo(takes.minusSeconds(1));
            node.ask(400);
            List<String> seen = new ArrayList<>();
            while (!node.status().over()) {
                String gates = node.gate(IDENTITY) + " " + node.gate(SHOP) + " " + node.gate(BULK);
                if (seen.isEmpty() || !seen.getLast().equals(gates)) {
                    seen.add(gates);
                }
                world.time.park(100 * MILLI);
            }
            assertThat(seen)
                    .startsWith(
                            "stale-only stale-only stale-only",
                            "1% stale-only stale-only",
                            "5% stale-only stale-only",
                            "25% stale-only stale-only",
                            "open stale-only stale-only",
                            "open 1% stale-only")
                    .endsWith("open open 25%", "open open open");
            assertThat(Duration.ofNanos(world.time.nanos() - began))
                    .isBetween(takes.minusMillis(500), takes.plusMillis(500));
            assertThat(node.told).last().isEqualTo(RampEvent.Kind.DONE);
            assertThat(node.admitted.gates().notOpen()).isZero();
            node.end();
        });
    }

    @Test
    void withoutAnyCallItWaitsSaysSoAndGoesOnAfterFourTimesTheCalm() {
        inEveryWorld(world -> {
            Node node = new Node(world);
            node.start(ALL);
            node.awaitGate(IDENTITY, "1%");
            long stepped = world.time.nanos();
            assertThat(node.status().waiting()).isEmpty();
            world.time.park(10 * SECOND);
            assertThat(node.gate(IDENTITY)).isEqualTo(Gate.ramping(1));
            assertThat(node.status().waiting()).startsWith("no call has come");
            assertThat(node.status().holding()).isEmpty();
            node.awaitGate(IDENTITY, "5%");
            assertThat(Duration.ofNanos(world.time.nanos() - stepped))
                    .isBetween(Duration.ofSeconds(15), Duration.ofSeconds(18));
            node.admitted.ramp().override("token t");
            assertThat(node.gate(IDENTITY)).isEqualTo(Gate.ramping(25));
            // Whoever asks for something meanwhile is evidence.
            world.time.park(6 * SECOND);
            assertThat(node.status().waiting()).isNotEmpty();
            for (int i = 0; i < 100; i++) {
                node.reads(IDENTITY, "k" + i);
            }
            stepped = world.time.nanos();
            node.awaitGate(IDENTITY, "open");
            assertThat(Duration.ofNanos(world.time.nanos() - stepped)).isLessThan(Duration.ofSeconds(3));
            node.end();
        });
    }

    @Test
    void whileABoundIsBrokenItHoldsAndGoesBackAndOnceItIsNotItGoesOnHalfAsFar() {
        inEveryWorld(world -> {
            Node node = new Node(world);
            node.ask(200);
            node.start(ALL);
            node.awaitGate(IDENTITY, "25%");
            node.store.takes = 300 * MILLI;
            node.until("it holds", () -> !node.status().holding().isEmpty());
            assertThat(node.status().holding()).contains("p99").contains("bound 100 ms");
            assertThat(node.gate(IDENTITY)).isEqualTo(Gate.ramping(25));
            node.awaitGate(IDENTITY, "5%");
            node.awaitGate(IDENTITY, "1%");
            node.store.takes = MILLI;
            node.until("it is calm", () -> node.status().holding().isEmpty());
            node.awaitGate(IDENTITY, "3%");
            node.awaitGate(IDENTITY, "5%");
            node.awaitGate(IDENTITY, "open");
            node.until("all is open", () -> node.status().over());
            assertThat(node.told)
                    .containsSubsequence(
                            RampEvent.Kind.STEP,
                            RampEvent.Kind.HOLD,
                            RampEvent.Kind.BACK,
                            RampEvent.Kind.BACK,
                            RampEvent.Kind.CALM,
                            RampEvent.Kind.STEP,
                            RampEvent.Kind.DONE);
            node.end();
        });
    }

    @Test
    void aWaveThatIsOpenIsNotTakenBack() {
        inEveryWorld(world -> {
            Node node = new Node(world);
            node.ask(200);
            node.start(ALL);
            node.awaitGate(SHOP, "5%");
            node.store.failing = true;
            node.awaitGate(SHOP, "stale-only");
            world.time.park(60 * SECOND);
            assertThat(node.gate(IDENTITY)).isEqualTo(Gate.OPEN);
            assertThat(node.gate(SHOP)).isEqualTo(Gate.STALE_ONLY);
            assertThat(node.status().holding()).contains("of the calls failed");
            node.end();
        });
    }

    @Test
    void theHottestKeysComeInBeforeAllOthersInTheOrderOfTheTiers() {
        inEveryWorld(world -> {
            Node node = new Node(world);
            for (Namespace namespace : NAMESPACES) {
                node.admitted.gates().set(namespace.id(), Gate.STALE_ONLY, "t", "");
            }
            for (int i = 0; i < 1_000; i++) {
                assertThat(node.reads(IDENTITY, "hot")).isFalse();
                node.reads(BULK, "hot");
                node.reads(SHOP, "k" + i);
            }
            node.start(SHUT);
            node.until("the first keys come in", () -> node.reads(IDENTITY, "hot"));
            assertThat(node.reads(BULK, "hot")).isFalse();
            assertThat(node.reads(IDENTITY, "other")).isFalse();
            node.until("then those of bulk", () -> node.reads(BULK, "hot"));
            assertThat(node.gate(IDENTITY)).isEqualTo(Gate.STALE_ONLY);
            assertThat(node.status().waves().getFirst().keys()).isEqualTo(2);
            node.end();
        });
    }

    @Test
    void aPausedRampDoesNothingUntilItIsResumedAndCanBeLedStepByStep() {
        inEveryWorld(world -> {
            Node node = new Node(world);
            node.ask(100);
            node.start(ALL);
            node.awaitGate(IDENTITY, "5%");
            node.admitted.ramp().pause("token t");
            node.store.failing = true;
            world.time.park(60 * SECOND);
            assertThat(node.gate(IDENTITY)).isEqualTo(Gate.ramping(5));
            node.admitted.ramp().override("token t");
            assertThat(node.gate(IDENTITY)).isEqualTo(Gate.ramping(25));
            assertThat(node.admitted.ramp().pause("token t")).isInstanceOf(Outcome.Refused.class);
            node.store.failing = false;
            world.time.park(2 * SECOND);
            node.admitted.ramp().resume("token t");
            assertThat(node.gate(IDENTITY)).isEqualTo(Gate.ramping(25));
            node.until("all is open", () -> node.status().over());
            node.end();
        });
    }

    @Test
    void aWaveThatIsSkippedStaysAsItIsBeyondTheEnd() {
        inEveryWorld(world -> {
            Node node = new Node(world);
            node.start(ALL);
            node.awaitGate(IDENTITY, "5%");
            node.admitted.ramp().skip(0, "token t");
            node.admitted.ramp().skip(3, "token t");
            assertThat(node.admitted.ramp().skip(1, "token t")).isInstanceOf(Outcome.Refused.class);
            assertThat(node.admitted.ramp().skip(9, "token t")).isInstanceOf(Outcome.Refused.class);
            node.until("it is over", () -> node.status().over());
            assertThat(node.gate(IDENTITY)).isEqualTo(Gate.ramping(5));
            assertThat(node.gate(SHOP)).isEqualTo(Gate.STALE_ONLY);
            assertThat(node.gate(BULK)).isEqualTo(Gate.OPEN);
            node.admitted.gates().set(IDENTITY.id(), Gate.OPEN, "token t", "");
            assertThat(node.gate(IDENTITY)).isEqualTo(Gate.OPEN);
            node.end();
        });
    }

    @Test
    void whatIsAbortedStaysAsItIsUnlessItIsToBeOpen() {
        inEveryWorld(world -> {
            SimulatedDisk disk = world.disk();
            Node node = new Node(world, disk);
            node.start(ALL);
            node.awaitGate(IDENTITY, "25%");
            node.admitted.ramp().abort(false, "token t");
            node.end();
            Node again = new Node(world, disk);
            world.time.park(60 * SECOND);
            assertThat(again.gate(IDENTITY)).isEqualTo(Gate.ramping(25));
            assertThat(again.gate(BULK)).isEqualTo(Gate.STALE_ONLY);
            assertThat(again.status().phase()).isEqualTo("aborted");
            // Another one goes on from there.
            again.start(SHUT);
            assertThat(again.gate(IDENTITY)).isEqualTo(Gate.ramping(25));
            again.admitted.ramp().abort(true, "token t");
            assertThat(again.admitted.gates().notOpen()).isZero();
            again.end();
        });
    }

    @Test
    void aGateThatIsSetByHandMeanwhileWinsForGood() {
        inEveryWorld(world -> {
            SimulatedDisk disk = world.disk();
            Node node = new Node(world, disk);
            node.ask(200);
            node.start(ALL);
            node.awaitGate(IDENTITY, "5%");
            Gates gates = node.admitted.gates();
            gates.set(IDENTITY.id(), Gate.CLOSED, "token u", "it is corrupt");
            gates.set(BULK.id(), Gate.OPEN, "token u", "");
            assertThat(node.gate(BULK)).isEqualTo(Gate.OPEN);
            assertThat(node.status().byHand())
                    .extracting(Gates.Setting::namespace)
                    .containsExactly(IDENTITY.id(), BULK.id());
            node.end();
            Node again = new Node(world, disk);
            assertThat(again.gate(IDENTITY)).isEqualTo(Gate.CLOSED);
            assertThat(again.gate(BULK)).isEqualTo(Gate.OPEN);
            again.ask(200);
            again.until("it is over", () -> again.status().over());
            assertThat(again.gate(IDENTITY)).isEqualTo(Gate.CLOSED);
            assertThat(again.gate(SHOP)).isEqualTo(Gate.OPEN);
            again.end();
        });
    }

    @Test
    void afterARestartItGoesOnWhereItWasAndBeginsTheStepAgain() {
        inEveryWorld(world -> {
            SimulatedDisk disk = world.disk();
            Node node = new Node(world, disk);
            node.start(ALL);
            node.awaitGate(SHOP, "5%");
            world.time.park(3 * SECOND);
            node.end();
            Node again = new Node(world, disk);
            assertThat(again.gate(IDENTITY)).isEqualTo(Gate.OPEN);
            assertThat(again.gate(SHOP)).isEqualTo(Gate.ramping(5));
            assertThat(again.status().history())
                    .last()
                    .satisfies(event -> assertThat(event.kind()).isEqualTo(RampEvent.Kind.RESTARTED));
            world.time.park(3 * SECOND);
            assertThat(again.gate(SHOP)).isEqualTo(Gate.ramping(5));
            again.awaitGate(SHOP, "25%");
            again.until("all is open", () -> again.status().over());
            again.end();
        });
    }

    @Test
    void onADiskThatTakesNothingNoneBeginsNoStepIsTakenAndItCanBeEnded() {
        inEveryWorld(world -> {
            Node node = new Node(world);
            node.disk.ail(Ailment.FULL);
            assertThat(node.admitted.ramp().start(NAMESPACES, ALL, "token t", ""))
                    .isInstanceOfSatisfying(
                            Outcome.Refused.class,
                            refused -> assertThat(refused.why()).isEqualTo(Refusal.NOT_KEPT));
            assertThat(node.admitted.gates().notOpen()).isZero();
            node.disk.ail(Ailment.NONE);
            node.start(ALL);
            node.awaitGate(IDENTITY, "5%");
            node.disk.ail(Ailment.FULL);
            world.time.park(30 * SECOND);
            assertThat(node.gate(IDENTITY)).isEqualTo(Gate.ramping(5));
            assertThat(node.status().notKept()).contains("full");
            assertThat(node.admitted.ramp().abort(true, "token t"))
                    .isInstanceOfSatisfying(
                            Outcome.Done.class,
                            done -> assertThat(done.notKept()).contains("full"));
            assertThat(node.admitted.gates().notOpen()).isZero();
            node.end();
        });
    }

    @Test
    void whatADiskRefusedIsKeptWithTheNextStepOrWithinAMinute() {
        inEveryWorld(world -> {
            SimulatedDisk disk = world.disk();
            Node node = new Node(world, disk);
            node.start(ALL);
            node.awaitGate(IDENTITY, "5%");
            disk.ail(Ailment.FULL);
            assertThat(node.admitted
                            .gates()
                            .set(SHOP.id(), Gate.CLOSED, "token u", "it is corrupt")
                            .notKept())
                    .contains("full");
            disk.ail(Ailment.NONE);
            node.awaitGate(IDENTITY, "25%");
            node.end();
            Node again = new Node(world, disk);
            assertThat(again.gate(SHOP)).isEqualTo(Gate.CLOSED);
            assertThat(again.status().byHand())
                    .extracting(Gates.Setting::namespace)
                    .containsExactly(SHOP.id());
            disk.ail(Ailment.FULL);
            again.admitted.ramp().abort(false, "token u");
            assertThat(again.status().notKept()).contains("full");
            disk.ail(Ailment.NONE);
            world.time.park(61 * SECOND);
            assertThat(again.status().notKept()).isEmpty();
            again.end();
            Node last = new Node(world, disk);
            assertThat(last.status().phase()).isEqualTo("aborted");
            assertThat(last.gate(IDENTITY)).isEqualTo(Gate.ramping(25));
            assertThat(last.gate(SHOP)).isEqualTo(Gate.CLOSED);
            assertThat(last.gate(BULK)).isEqualTo(Gate.STALE_ONLY);
            last.end();
        });
    }

    @Test
    void onlyGatesThatAreNotOpenTakePartUnlessMoreIsSaidAndOthersStayOpen() {
        inEveryWorld(world -> {
            Node node = new Node(world);
            assertThat(node.admitted.ramp().start(NAMESPACES, SHUT, "token t", ""))
                    .isInstanceOfSatisfying(
                            Outcome.Refused.class,
                            refused -> assertThat(refused.why()).isEqualTo(Refusal.NOTHING_TO_OPEN));
            node.admitted.gates().set(SHOP.id(), Gate.ramping(50), "token t", "");
            node.admitted.gates().set(BULK.id(), Gate.CLOSED, "token t", "");
            assertThat(node.admitted.ramp().plan(NAMESPACES, SHUT).plan().notes())
                    .singleElement()
                    .asString()
                    .contains("closed");
            node.start(SHUT);
            assertThat(node.admitted.ramp().start(NAMESPACES, ALL, "token t", ""))
                    .isInstanceOfSatisfying(
                            Outcome.Refused.class,
                            refused -> assertThat(refused.why()).isEqualTo(Refusal.UNDER_WAY));
            assertThat(node.gate(SHOP)).isEqualTo(Gate.ramping(50));
            assertThat(node.gate(IDENTITY)).isEqualTo(Gate.OPEN);
            assertThat(node.gate(namespace(77, "made meanwhile", Policy.DEFAULT)))
                    .isEqualTo(Gate.OPEN);
            node.awaitGate(SHOP, "open");
            node.until("it is over", () -> node.status().over());
            assertThat(node.gate(BULK)).isEqualTo(Gate.CLOSED);
            node.end();
        });
    }
}
