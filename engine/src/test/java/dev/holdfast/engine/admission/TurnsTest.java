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
    void whenTooManyWaitTheOneGoesThatCameLastOfTheLongestLineForItsWeight() {
        turns.add(namespace(1), 2);
        turns.add(namespace(2), 3);
        Turns.Waiting last = turns.add(namespace(2), 3);
        turns.add(namespace(3), 0);
        assertThat(turns.shed()).isSameAs(last);
        assertThat(turns.size()).isEqualTo(3);
        assertThat(turns.shed().tier).isEqualTo(3);
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
