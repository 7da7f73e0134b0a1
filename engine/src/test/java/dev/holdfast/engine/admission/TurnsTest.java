package dev.holdfast.engine.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.NamespaceId;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private final Turns turns = new Turns();

    private static NamespaceId namespace(int number) {
        return new NamespaceId(0, number);
    }

    private Turns.Waiting serve() {
        Turns.Waiting next = Objects.requireNonNull(turns.next(namespace -> true));
        turns.serve(next);
        return next;
    }

    private Map<NamespaceId, Integer> served(int times) {
        Map<NamespaceId, Integer> served = new HashMap<>();
        for (int i = 0; i < times; i++) {
            served.merge(serve().namespace, 1, Integer::sum);
        }
        return served;
    }

    @Test
    void aNamespaceThatFloodsTheStoreWaitsForItselfAlone() {
        for (int i = 0; i < 1_000; i++) {
            turns.add(namespace(1), 2);
        }
        for (int i = 0; i < 10; i++) {
            turns.add(namespace(2), 2);
        }
        assertThat(served(20)).containsEntry(namespace(2), 10);
    }

    @Test
    void ofOneTierEachNamespaceGetsTheSame() {
        for (int i = 0; i < 300; i++) {
            for (int of = 1; of <= 3; of++) {
                turns.add(namespace(of), 1);
            }
        }
        assertThat(served(300).values()).allSatisfy(calls -> assertThat(calls).isBetween(99, 101));
    }

    @Test
    void aTierGetsEightTimesTheNextAndNoneWaitsForEver() {
        for (int i = 0; i < 2_000; i++) {
            for (int tier = 0; tier < 4; tier++) {
                turns.add(namespace(tier), tier);
            }
        }
        Map<NamespaceId, Integer> served = served(585);
        assertThat(served.get(namespace(0))).isBetween(511, 513);
        assertThat(served.get(namespace(1))).isBetween(63, 65);
        assertThat(served.get(namespace(2))).isBetween(7, 9);
        assertThat(served.get(namespace(3))).isBetween(1, 2);
    }

    @Test
    void whoWasIdleHasNotSavedTurnsUp() {
        for (int i = 0; i < 100; i++) {
            turns.add(namespace(1), 2);
        }
        served(50);
        for (int i = 0; i < 100; i++) {
            turns.add(namespace(2), 2);
        }
        assertThat(served(50).get(namespace(2))).isBetween(24, 26);
    }

    @Test
    void manyNamespacesOfBulkWithOneClientEachLeaveTierZeroTheShareOfItsWeight() {
        for (int of = 1; of <= 200; of++) {
            turns.add(namespace(of), 3);
        }
        for (int client = 0; client < 20; client++) {
            turns.add(namespace(0), 0);
        }
        int ofTierZero = 0;
        for (int i = 0; i < 20_000; i++) {
            Turns.Waiting next = serve();
            ofTierZero += next.tier == 0 ? 1 : 0;
            // Each client asks again as soon as it is answered.
            turns.add(next.namespace, next.tier);
        }
        assertThat(ofTierZero).isBetween(20_000 * 512 / 712 - 20, 20_000 * 512 / 712 + 520);
    }

    @Test
    void whoWasPassedOverDoesNotSetTheOthersBack() {
        turns.add(namespace(1), 2);
        for (int i = 0; i < 8; i++) {
            turns.add(namespace(2), 2);
        }
        for (int i = 0; i < 8; i++) {
            turns.serve(Objects.requireNonNull(turns.next(namespace -> namespace.equals(namespace(2)))));
        }
        turns.add(namespace(3), 2);
        assertThat(serve().namespace).isEqualTo(namespace(1));
        turns.add(namespace(4), 2);
        assertThat(serve().namespace).isEqualTo(namespace(3));
    }

    @Test
    void whoGivesUpAndComesAgainHasNotWaitedInVain() {
        for (int client = 0; client < 20; client++) {
            turns.add(namespace(0), 0);
        }
        Turns.Waiting bulk = turns.add(namespace(1), 3);
        int ofBulk = 0;
        for (int i = 1; i <= 5_200; i++) {
            Turns.Waiting next = serve();
            ofBulk += next.tier == 3 ? 1 : 0;
            if (next.tier == 0) {
                turns.add(next.namespace, next.tier);
            }
            // Its client waits for twenty turns of others, and comes again after as many.
            if (i % 40 == 20) {
                turns.remove(bulk);
            } else if (i % 40 == 0) {
                bulk = turns.add(namespace(1), 3);
            }
        }
        assertThat(ofBulk).isBetween(8, 10);
    }

    @Test
    void whoGivesUpLeavesItsPlaceToTheNextOfItsNamespace() {
        Turns.Waiting first = turns.add(namespace(1), 2);
        Turns.Waiting second = turns.add(namespace(1), 2);
        turns.add(namespace(2), 2);
        turns.add(namespace(2), 2);
        turns.remove(first);
        assertThat(serve()).isSameAs(second);
    }

    @Test
    void whenTooManyWaitTheOneGoesThatCameLastOfTheLongestLineOfTheLowestTier() {
        turns.add(namespace(1), 2);
        turns.add(namespace(2), 3);
        Turns.Waiting last = turns.add(namespace(2), 3);
        turns.add(namespace(3), 3);
        turns.add(namespace(4), 0);
        assertThat(turns.shed()).isSameAs(last);
        assertThat(turns.size()).isEqualTo(4);
        assertThat(turns.shed().tier).isEqualTo(3);
    }

    @Test
    void noneOfAHigherTierGoesWhileOneOfALowerWaits() {
        for (int i = 0; i < 1_000; i++) {
            turns.add(namespace(1), 0);
        }
        Turns.Waiting bulk = turns.add(namespace(2), 3);
        assertThat(turns.shed()).isSameAs(bulk);
        assertThat(turns.shed().tier).isZero();
    }

    @Test
    void whoMayNotHaveATurnIsPassedOver() {
        turns.add(namespace(1), 0);
        Turns.Waiting other = turns.add(namespace(2), 3);
        assertThat(turns.next(namespace -> !namespace.equals(namespace(1)))).isSameAs(other);
        assertThat(turns.next(namespace -> false)).isNull();
    }

    @Test
    void whoHasLeftIsNotServed() {
        Turns.Waiting first = turns.add(namespace(1), 2);
        Turns.Waiting second = turns.add(namespace(1), 2);
        turns.remove(first);
        turns.remove(first);
        assertThat(turns.size()).isEqualTo(1);
        assertThat(serve()).isSameAs(second);
        assertThat(turns.next(namespace -> true)).isNull();
    }
}
