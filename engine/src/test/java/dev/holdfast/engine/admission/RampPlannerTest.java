package dev.holdfast.engine.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.admission.RampPlan.Member;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.Namespace.Policy;
import dev.holdfast.engine.kv.NamespaceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RampPlannerTest {
    private final List<Namespace> namespaces = new ArrayList<>();
    private final Map<NamespaceId, Double> load = new HashMap<>();
    private final Map<NamespaceId, Gate> gates = new HashMap<>();

    private static NamespaceId id(String title) {
        return new NamespaceId(7, title.hashCode());
    }

    private void namespace(String title, int tier, double perSecond, String... needs) {
        Policy policy = Policy.DEFAULT
                .withTier(tier)
                .withNeeds(List.of(needs).stream().map(RampPlannerTest::id).toList());
        namespaces.add(new Namespace(id(title), title, "0".repeat(32), "", "", policy, 0, 0));
        load.put(id(title), perSecond);
    }

    private RampPlan plan() {
        return new RampPlanner(
                        namespaces, of -> gates.getOrDefault(of, Gate.STALE_ONLY), of -> load.getOrDefault(of, 0.0))
                .plan();
    }

    /** Each wave's members, without that of the hottest keys. */
    private static List<List<String>> titles(RampPlan plan) {
        return plan.waves().stream()
                .skip(1)
                .map(wave -> wave.members().stream().map(Member::title).toList())
                .toList();
    }

    @Test
    void wavesAreInTheOrderOfTheTiersAfterThatOfTheHottestKeys() {
        namespace("bulk", 3, 0);
        namespace("identity", 0, 0);
        namespace("shop", 2, 0);
        namespace("config", 0, 0);
        RampPlan plan = plan();
        assertThat(plan.waves().getFirst().hottest()).isTrue();
        // A step for each tier there is.
        assertThat(plan.waves().getFirst().rungs()).containsExactly(33, 66, 100);
        assertThat(titles(plan)).containsExactly(List.of("config", "identity"), List.of("shop"), List.of("bulk"));
        assertThat(plan.notes()).isEmpty();
    }

    @Test
    void whatOneNeedsComesBeforeItAndInItsTier() {
        namespace("checkout", 1, 0, "sessions");
        namespace("sessions", 3, 0, "keys");
        namespace("keys", 3, 0);
        namespace("bulk", 3, 0);
        namespace("shop", 1, 0);
        assertThat(titles(plan()))
                .containsExactly(List.of("keys", "shop"), List.of("sessions"), List.of("checkout"), List.of("bulk"));
    }

    @Test
    void ofThoseThatCouldComeTogetherTheBusiestComeFirstAndNoWaveHasMoreThanAQuarterButByOneOfThem() {
        namespace("a", 2, 10);
        namespace("b", 2, 500);
        namespace("c", 2, 150);
        namespace("d", 2, 140);
        namespace("e", 2, 50);
        namespace("f", 2, 150);
        assertThat(titles(plan())).containsExactly(List.of("b"), List.of("c"), List.of("f"), List.of("d", "e", "a"));
        assertThat(plan().waves().get(1).perSecond()).isEqualTo(500);
    }

    @Test
    void aCircleThatTwoNodesHaveMadeIsCutAndSaid() {
        namespace("a", 2, 0, "b");
        namespace("b", 2, 0, "c");
        namespace("c", 2, 0, "a");
        RampPlan plan = plan();
        assertThat(titles(plan)).containsExactly(List.of("c"), List.of("b"), List.of("a"));
        assertThat(plan.notes()).singleElement().asString().contains("c does not wait for a");
    }

    @Test
    void whatIsNeededAndNeitherOpenNorInTheRampIsSaid() {
        namespace("checkout", 2, 0, "sessions", "stock");
        gates.put(id("stock"), Gate.OPEN);
        assertThat(plan().notes())
                .singleElement()
                .asString()
                .contains("checkout needs")
                .contains(id("sessions") + "");
    }

    @Test
    void aNamespaceBeginsWithItsGateAsItIs() {
        namespace("a", 2, 0);
        gates.put(id("a"), Gate.ramping(25));
        assertThat(plan().members().getFirst().from()).isEqualTo(Gate.ramping(25));
    }
}
