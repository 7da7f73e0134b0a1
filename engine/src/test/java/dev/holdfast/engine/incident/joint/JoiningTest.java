package dev.holdfast.engine.incident.joint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.incident.Incident;
import dev.holdfast.engine.incident.Severity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JoiningTest {
    private static final long OPEN = 0;

    private static Sighting seen(String node, String cause, long openedAt, long closedAt, Severity severity) {
        return new Sighting(
                node,
                new Incident(
                        "i" + openedAt,
                        cause,
                        cause + " at " + node,
                        Severity.P4,
                        severity,
                        openedAt,
                        openedAt,
                        closedAt,
                        0,
                        List.of(),
                        List.of()));
    }

    private static Sighting seen(String node, String cause, long openedAt, long closedAt) {
        return seen(node, cause, openedAt, closedAt, Severity.P4);
    }

    @Test
    void whatTwoNodesLoseAtOneTimeIsOneThing() {
        Sighting first = seen("x", "provider:b", 100, 900, Severity.P2);
        Sighting second = seen("y", "provider:b", 700, OPEN, Severity.P1);
        List<JointIncident> joined = Joining.of(List.of(second, first));
        assertThat(joined).containsExactly(new JointIncident(List.of(first, second)));
        JointIncident one = joined.getFirst();
        assertThat(one.nodes()).containsExactly("x", "y");
        assertThat(one.worst()).isEqualTo(Severity.P1);
        assertThat(one.open()).isTrue();
        assertThat(one.openedAt()).isEqualTo(100);
        assertThat(one.closedAt()).isZero();
        assertThat(one.title()).isEqualTo("provider:b at x");
    }

    @Test
    void whatIsAboutSomethingElseOrOfAnotherTimeStaysApart() {
        assertThat(Joining.of(List.of(seen("x", "provider:b", 1, OPEN), seen("y", "provider:a", 1, OPEN))))
                .hasSize(2);
        assertThat(Joining.of(List.of(seen("x", "provider:b", 1, 100), seen("y", "provider:b", 101, OPEN))))
                .hasSize(2);
        assertThat(Joining.of(List.of(seen("x", "provider:b", 1, 100), seen("y", "provider:b", 100, OPEN))))
                .hasSize(1);
    }

    @Test
    void oneOfManyCausesIsEnough() {
        assertThat(Joining.of(List.of(
                        seen("x", "provider:a provider:b", 1, OPEN), seen("y", "provider:b provider:c", 2, OPEN))))
                .hasSize(1);
    }

    @Test
    void theDiskAndTheClockOfANodeAreItsOwn() {
        for (String own : List.of("disk:node", "clock:node")) {
            assertThat(Joining.of(List.of(seen("x", own, 1, OPEN), seen("y", own, 1, OPEN))))
                    .as(own)
                    .hasSize(2);
        }
    }

    @Test
    void whatANodeToldApartIsJoinedByAnotherOnesOnly() {
        Sighting early = seen("x", "provider:b", 1, 100);
        Sighting late = seen("x", "provider:b", 50, 300);
        assertThat(Joining.of(List.of(early, late))).hasSize(2);
        Sighting bridge = seen("y", "provider:b", 60, 70);
        assertThat(Joining.of(List.of(early, late, bridge)))
                .containsExactly(new JointIncident(List.of(early, late, bridge)));
    }

    @Test
    void aClosedOneIsOverWhenItIsAtTheLast() {
        JointIncident over = Joining.of(List.of(seen("x", "store", 1, 900), seen("y", "store", 5, 800)))
                .getFirst();
        assertThat(over.open()).isFalse();
        assertThat(over.closedAt()).isEqualTo(900);
    }

    @Test
    void whatWasToldTwiceIsAsItWasLast() {
        Sighting before = seen("x", "provider:b", 1, OPEN);
        Incident later =
                new Incident("i1", "provider:b", "t", Severity.P4, Severity.P4, 1, 20, 20, 0, List.of(), List.of());
        Sighting after = new Sighting("x", later);
        assertThat(Joining.of(List.of(before, after))).containsExactly(new JointIncident(List.of(after)));
        assertThat(Joining.of(List.of(after, before))).containsExactly(new JointIncident(List.of(after)));
    }

    static List<Integer> seeds() {
        return java.util.stream.IntStream.range(0, 300).boxed().toList();
    }

    private static List<Sighting> world(Random random) {
        List<String> causes = List.of("provider:a", "provider:b", "store", "disk:node", "feed:o", "provider:a store");
        List<Sighting> all = new ArrayList<>();
        int nodes = 1 + random.nextInt(5);
        for (int i = random.nextInt(25); i > 0; i--) {
            long openedAt = random.nextInt(1_000);
            long closedAt = random.nextInt(5) == 0 ? OPEN : openedAt + 1 + random.nextInt(200);
            Severity worst = Severity.values()[random.nextInt(5)];
            Sighting more = seen(
                    "n" + random.nextInt(nodes), causes.get(random.nextInt(causes.size())), openedAt, closedAt, worst);
            if (all.stream().noneMatch(more::sameAs)) {
                all.add(more);
            }
        }
        return all;
    }

    private static List<Sighting> flat(List<JointIncident> joined) {
        return joined.stream().flatMap(one -> one.sightings().stream()).toList();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void nothingIsLostWhateverTheOrderAndJoiningAgainChangesNothing(int seed) {
        Random random = new Random(seed);
        List<Sighting> all = world(random);
        List<JointIncident> joined = Joining.of(all);
        assertThat(flat(joined)).containsExactlyInAnyOrderElementsOf(all);

        List<Sighting> shuffled = new ArrayList<>(all);
        Collections.shuffle(shuffled, random);
        assertThat(Joining.of(shuffled)).isEqualTo(joined);

        assertThat(Joining.of(flat(joined))).isEqualTo(joined);
        List<Sighting> twice = new ArrayList<>(all);
        twice.addAll(shuffled);
        assertThat(Joining.of(twice)).isEqualTo(joined);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whoeverComesLaterSplitsNothing(int seed) {
        Random random = new Random(seed);
        List<Sighting> all = world(random);
        List<Sighting> some = all.subList(0, all.size() / 2);
        for (JointIncident before : Joining.of(some)) {
            Set<Sighting> together = new HashSet<>(before.sightings());
            assertThat(Joining.of(all)).anyMatch(now -> new HashSet<>(now.sightings()).containsAll(together));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aJointIncidentIsAsBadAsTheWorstOfItsNodes(int seed) {
        for (JointIncident one : Joining.of(world(new Random(seed)))) {
            assertThat(one.sightings())
                    .noneMatch(each -> each.incident().worst().worseThan(one.worst()));
            assertThat(one.sightings()).anyMatch(each -> each.incident().worst() == one.worst());
        }
    }
}
