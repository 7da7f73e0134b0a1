package dev.holdfast.simulation;

import static dev.holdfast.simulation.TwoHomes.MILLI;
import static dev.holdfast.simulation.TwoHomes.inEveryWorld;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.admission.Quotas;
import dev.holdfast.engine.admission.StoredUse.Stored;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.Namespace.Policy;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Quota;
import dev.holdfast.engine.replication.Store.Reason;
import dev.holdfast.engine.replication.Store.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class QuotasTest {
    private static final String ACCOUNT = "0123456789abcdef0123456789abcdef";
    private static final long SECOND = 1_000 * MILLI;

    private static Namespace of(Quota quota) {
        return new Namespace(new NamespaceId(0, 1), "sessions", ACCOUNT, "", "", Policy.DEFAULT.withQuota(quota), 0, 0);
    }

    private static Quotas open(TwoHomes world, Map<String, Quota> accounts, Stored stored, int nodes)
            throws InterruptedException {
        Quotas quotas = new Quotas(world.time, id -> stored, () -> accounts, account -> List.of(), () -> nodes);
        world.time.sleep(10 * MILLI);
        return quotas;
    }

    @Test
    void inAnHourOfTooManyItLetsAsManyInAsTheQuotaSaysToAThousandth() {
        inEveryWorld(world -> {
            Quotas quotas = open(world, Map.of(), Stored.UNKNOWN, 1);
            Namespace namespace = of(new Quota(7, 0, 0));
            AtomicLong let = new AtomicLong();
            AtomicInteger done = new AtomicInteger();
            long end = world.time.nanos() + 3_600 * SECOND;
            for (int client = 0; client < 3; client++) {
                long pause = (170 + 60L * client) * MILLI;
                world.time.fork("client", () -> {
                    while (world.time.nanos() < end) {
                        if (quotas.enter(namespace, false) == null) {
                            let.incrementAndGet();
                        }
                        world.time.park(pause);
                    }
                    done.incrementAndGet();
                });
            }
            world.time.sleep(3_601 * SECOND);
            world.await("the hour is over", 10 * SECOND, () -> done.get() == 3);
            Quotas.Use use = quotas.use(namespace);
            assertThat(use.let()).isEqualTo(let.get());
            assertThat((double) let.get()).isBetween(7 * 3_600 * 0.999, 7 * 3_600 * 1.001);
            quotas.close();
        });
    }

    @Test
    void whoStaysWithinTheQuotaIsNeverRefused() {
        inEveryWorld(world -> {
            Quotas quotas = open(world, Map.of(), Stored.UNKNOWN, 1);
            Namespace namespace = of(new Quota(10, 0, 0));
            for (int second = 0; second < 60; second++) {
                for (int i = 0; i < 10; i++) {
                    assertThat(quotas.enter(namespace, true)).isNull();
                }
                world.time.sleep(SECOND);
            }
            quotas.close();
        });
    }

    @Test
    void aRefusalSaysWhatIsUsedUpAndWhenToComeAgain() {
        inEveryWorld(world -> {
            Quotas quotas = open(world, Map.of(), Stored.UNKNOWN, 1);
            Namespace namespace = of(new Quota(1, 0, 0));
            assertThat(quotas.enter(namespace, false)).isNull();
            assertThat(quotas.enter(namespace, false)).isNull();
            Refusal refusal = Objects.requireNonNull(quotas.enter(namespace, false));
            assertThat(refusal.reason()).isEqualTo(Reason.QUOTA);
            assertThat(refusal.sentence()).contains("sessions").contains("1 requests a second");
            assertThat(refusal.retrySeconds()).isBetween(1, 5);
            assertThat(quotas.use(namespace).refused()).isOne();
            quotas.close();
        });
    }

    @Test
    void theNodesOverTheSameProvidersShareAQuota() {
        inEveryWorld(world -> {
            Quotas quotas = open(world, Map.of(), Stored.UNKNOWN, 4);
            Namespace namespace = of(new Quota(20, 0, 0));
            int let = 0;
            while (quotas.enter(namespace, false) == null) {
                let++;
            }
            assertThat(let).isEqualTo(5 + 1);
            quotas.close();
        });
    }

    @Test
    void aChangeOfTheirNumberGivesNobodyAFreshSecond() {
        inEveryWorld(world -> {
            AtomicInteger nodes = new AtomicInteger(4);
            Quotas quotas = new Quotas(world.time, id -> Stored.UNKNOWN, Map::of, account -> List.of(), nodes::get);
            Namespace namespace = of(new Quota(20, 0, 0));
            long end = world.time.nanos() + 60 * SECOND;
            int let = 0;
            for (int i = 0; world.time.nanos() < end; i++) {
                let += quotas.enter(namespace, false) == null ? 1 : 0;
                // As when nodes are removed and others come, all the time.
                nodes.set(i / 100 % 2 == 0 ? 4 : 5);
                world.time.park(10 * MILLI);
            }
            assertThat(let).isBetween(60 * 4 - 20, 60 * 5 + 6);
            quotas.close();
        });
    }

    @Test
    void namespacesOfAnAccountShareItsQuota() {
        inEveryWorld(world -> {
            Quotas quotas = open(world, Map.of(ACCOUNT, new Quota(3, 0, 0)), Stored.UNKNOWN, 1);
            Namespace first = of(Quota.NONE);
            Namespace second = new Namespace(new NamespaceId(0, 2), "carts", ACCOUNT, "", "", Policy.DEFAULT, 0, 0);
            assertThat(quotas.enter(first, false)).isNull();
            assertThat(quotas.enter(second, false)).isNull();
            assertThat(quotas.enter(first, false)).isNull();
            assertThat(quotas.enter(second, false)).isNull();
            assertThat(quotas.enter(second, false)).isNotNull();
            quotas.close();
        });
    }

    @Test
    void aNamespaceThatIsGoneIsForgottenAndWhatItWasRefusedIsCounted() {
        inEveryWorld(world -> {
            Quotas quotas = open(world, Map.of(), Stored.UNKNOWN, 1);
            Namespace namespace = of(new Quota(1, 0, 0));
            for (int i = 0; i < 5; i++) {
                quotas.enter(namespace, false);
            }
            quotas.forget(id -> !id.equals(namespace.id()));
            assertThat(quotas.use(namespace).refused()).isEqualTo(3);
            quotas.forget(namespace.id()::equals);
            assertThat(quotas.use(namespace).refused()).isZero();
            assertThat(quotas.refused()).isEqualTo(3);
            quotas.close();
        });
    }

    @Test
    void aFullNamespaceTakesNothingMoreAndGivesAndDeletesStill() {
        inEveryWorld(world -> {
            Quotas quotas = open(world, Map.of(), new Stored(true, 100, 5_000, 100, 5_000), 1);
            for (Quota quota : List.of(new Quota(0, 100, 0), new Quota(0, 0, 5_000))) {
                Refusal refusal = Objects.requireNonNull(quotas.enter(of(quota), true));
                assertThat(refusal.reason()).isEqualTo(Reason.QUOTA);
                assertThat(quotas.enter(of(quota), false)).isNull();
            }
            assertThat(quotas.enter(of(new Quota(0, 101, 5_001)), true)).isNull();
            quotas.close();
        });
    }
}
