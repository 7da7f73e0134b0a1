package dev.holdfast.engine.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.NamespaceId;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private final Turns turns = new Turns();

    private static NamespaceId namespace(int number) {
        return new NamespaceId(0, number);
    }

    /** One of a namespace of the only tenant. */
    private Turns.Waiting add(NamespaceId namespace, int tier) {
        return add("one", namespace, tier);
    }

    private Turns.Waiting add(String tenant, NamespaceId namespace, int tier) {
        return turns.add(namespace, new Standing(tenant, tier));
    }

    private Turns.@Nullable Waiting next(Predicate<NamespaceId> may) {
        return turns.next(_ -> true, may);
    }

    private Turns.Waiting serve() {
        Turns.Waiting next = Objects.requireNonNull(next(_ -> true));
        turns.serve(next);
        return next;
    }

    private int servedOf(String tenant, int times) {
        int of = 0;
        for (int i = 0; i < times; i++) {
            of += serve().standing.tenant().equals(tenant) ? 1 : 0;
        }
        return of;
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
            add(namespace(1), 2);
        }
        for (int i = 0; i < 10; i++) {
            add(namespace(2), 2);
        }
        assertThat(served(20)).containsEntry(namespace(2), 10);
    }

    @Test
    void ofOneTierEachNamespaceGetsTheSame() {
        for (int i = 0; i < 300; i++) {
            for (int of = 1; of <= 3; of++) {
                add(namespace(of), 1);
            }
        }
        assertThat(served(300).values()).allSatisfy(calls -> assertThat(calls).isBetween(99, 101));
    }

    @Test
    void aTenantWithManyNamespacesGetsNoMoreThanOneWithOne() {
        for (int i = 0; i < 200; i++) {
            for (int of = 1; of <= 200; of++) {
                add("large", namespace(of), 2);
            }
            add("small", namespace(0), 2);
        }
        assertThat(servedOf("small", 300)).isBetween(149, 151);
    }

    @Test
    void whatATenantGetsItsNamespacesShareEvenly() {
        for (int i = 0; i < 100; i++) {
            add("other", namespace(0), 2);
            for (int of = 1; of <= 5; of++) {
                add(namespace(of), 2);
            }
        }
        Map<NamespaceId, Integer> served = served(100);
        for (int of = 1; of <= 5; of++) {
            assertThat(served.get(namespace(of))).isBetween(9, 11);
        }
    }

    @Test
    void manyNamespacesOfOneTierTakeNothingFromAnotherTierOfTheirTenant() {
        for (int of = 1; of <= 200; of++) {
            add(namespace(of), 3);
        }
        for (int i = 0; i < 512; i++) {
            add(namespace(0), 0);
        }
        assertThat(served(513).get(namespace(0))).isBetween(511, 512);
    }

    @Test
    void aTierGetsEightTimesTheNextAndNoneWaitsForEver() {
        for (int i = 0; i < 2_000; i++) {
            for (int tier = 0; tier < 4; tier++) {
                add(namespace(tier), tier);
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
            add(namespace(1), 2);
        }
        served(50);
        for (int i = 0; i < 100; i++) {
            add(namespace(2), 2);
        }
        assertThat(served(50).get(namespace(2))).isBetween(24, 26);
    }

    @Test
    void manyTenantsOfBulkWithOneClientEachLeaveTierZeroTheShareOfItsWeight() {
        for (int of = 1; of <= 200; of++) {
            add("t" + of, namespace(of), 3);
        }
        for (int client = 0; client < 20; client++) {
            add(namespace(0), 0);
        }
        int ofTierZero = 0;
        for (int i = 0; i < 20_000; i++) {
            Turns.Waiting next = serve();
            ofTierZero += next.standing.tier() == 0 ? 1 : 0;
            // Each client asks again as soon as it is answered.
            turns.add(next.namespace, next.standing);
        }
        assertThat(ofTierZero).isBetween(20_000 * 512 / 712 - 20, 20_000 * 512 / 712 + 520);
    }

    @Test
    void whoWasPassedOverDoesNotSetTheOthersBack() {
        add(namespace(1), 2);
        for (int i = 0; i < 8; i++) {
            add(namespace(2), 2);
        }
        for (int i = 0; i < 8; i++) {
            turns.serve(Objects.requireNonNull(next(namespace -> namespace.equals(namespace(2)))));
        }
        add(namespace(3), 2);
        assertThat(serve().namespace).isEqualTo(namespace(1));
        add(namespace(4), 2);
        assertThat(serve().namespace).isEqualTo(namespace(3));
    }

    @Test
    void whoGivesUpAndComesAgainHasNotWaitedInVain() {
        for (int client = 0; client < 20; client++) {
            add(namespace(0), 0);
        }
        Turns.Waiting bulk = add(namespace(1), 3);
        int ofBulk = 0;
        for (int i = 1; i <= 5_200; i++) {
            Turns.Waiting next = serve();
            ofBulk += next.standing.tier() == 3 ? 1 : 0;
            if (next.standing.tier() == 0) {
                turns.add(next.namespace, next.standing);
            }
            // Its client waits for twenty turns of others, and comes again after as many.
            if (i % 40 == 20) {
                turns.remove(bulk);
            } else if (i % 40 == 0) {
                bulk = add(namespace(1), 3);
            }
        }
        assertThat(ofBulk).isBetween(8, 10);
    }

    @Test
    void whoGivesUpBesideANeighbourOfItsTenantIsNotPassedByTheOneThatComesSooner() {
        for (int client = 0; client < 20; client++) {
            add("other", namespace(0), 0);
        }
        Map<NamespaceId, Integer> ofBulk = new HashMap<>();
        Turns.Waiting soon = add(namespace(1), 3);
        Turns.Waiting later = add(namespace(2), 3);
        for (int i = 1; i <= 8_000; i++) {
            Turns.Waiting next = serve();
            if (next.standing.tier() == 0) {
                turns.add(next.namespace, next.standing);
            } else {
                ofBulk.merge(next.namespace, 1, Integer::sum);
            }
            if (i % 40 == 20) {
                turns.remove(soon);
                turns.remove(later);
            } else if (i % 40 == 0) {
                soon = add(namespace(1), 3);
                later = add(namespace(2), 3);
            }
        }
        assertThat(ofBulk.get(namespace(1)) - ofBulk.get(namespace(2))).isBetween(-2, 2);
    }

    @Test
    void whoGivesUpLeavesItsPlaceToTheNextOfItsNamespace() {
        Turns.Waiting first = add(namespace(1), 2);
        Turns.Waiting second = add(namespace(1), 2);
        add(namespace(2), 2);
        add(namespace(2), 2);
        turns.remove(first);
        assertThat(serve()).isSameAs(second);
    }

    @Test
    void whenTooManyWaitTheOneGoesThatCameLastOfTheLongestLineOfTheLowestTier() {
        add(namespace(1), 2);
        add(namespace(2), 3);
        Turns.Waiting last = add(namespace(2), 3);
        add(namespace(3), 3);
        add(namespace(4), 0);
        assertThat(turns.shed()).isSameAs(last);
        assertThat(turns.size()).isEqualTo(4);
        assertThat(turns.shed().standing.tier()).isEqualTo(3);
    }

    @Test
    void theOneThatGoesIsOfTheTenantThatFloodsTheTierFromManyNamespaces() {
        for (int of = 1; of <= 3; of++) {
            add("small", namespace(0), 3);
        }
        for (int of = 1; of <= 200; of++) {
            add("large", namespace(of), 3);
        }
        for (int i = 0; i < 197; i++) {
            assertThat(turns.shed().standing.tenant()).isEqualTo("large");
        }
        assertThat(servedOf("small", 6)).isEqualTo(3);
    }

    @Test
    void noneOfAHigherTierGoesWhileOneOfALowerWaits() {
        for (int i = 0; i < 1_000; i++) {
            add(namespace(1), 0);
        }
        Turns.Waiting bulk = add(namespace(2), 3);
        assertThat(turns.shed()).isSameAs(bulk);
        assertThat(turns.shed().standing.tier()).isZero();
    }

    @Test
    void whoMayNotHaveATurnIsPassedOver() {
        add(namespace(1), 0);
        Turns.Waiting other = add(namespace(2), 3);
        assertThat(next(namespace -> !namespace.equals(namespace(1)))).isSameAs(other);
        assertThat(next(_ -> false)).isNull();
    }

    @Test
    void ofATenantThatMayNotHaveATurnAllArePassedOver() {
        add("full", namespace(1), 0);
        add("full", namespace(2), 3);
        Turns.Waiting other = add("other", namespace(3), 3);
        assertThat(turns.next(tenant -> !tenant.equals("full"), _ -> true)).isSameAs(other);
        assertThat(turns.next(_ -> false, _ -> true)).isNull();
    }

    @Test
    void whoHasLeftIsNotServed() {
        Turns.Waiting first = add(namespace(1), 2);
        Turns.Waiting second = add(namespace(1), 2);
        turns.remove(first);
        turns.remove(first);
        assertThat(turns.size()).isEqualTo(1);
        assertThat(serve()).isSameAs(second);
        assertThat(next(_ -> true)).isNull();
    }
}
