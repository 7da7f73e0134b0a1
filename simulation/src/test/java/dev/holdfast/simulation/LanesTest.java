package dev.holdfast.simulation;

import static dev.holdfast.simulation.TwoHomes.MILLI;
import static dev.holdfast.simulation.TwoHomes.inEveryWorld;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.admission.Lanes;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.Store.Reason;
import dev.holdfast.engine.replication.Store.Refusal;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class LanesTest {
    private static final NamespaceId FLOOD = new NamespaceId(0, 1);
    private static final NamespaceId OTHER = new NamespaceId(0, 2);

    /** A little after the first look, of those that come every tenth of a second. */
    private static Lanes begun(TwoHomes world, BooleanSupplier full) throws InterruptedException {
        Lanes lanes = new Lanes(world.time, full);
        world.time.sleep(110 * MILLI);
        return lanes;
    }

    private static void flood(Lanes lanes) {
        for (int i = 0; i < 1_000; i++) {
            lanes.atOnce(FLOOD);
            if (i % 100 == 0) {
                lanes.atOnce(OTHER);
            }
        }
    }

    /** How many of the flood are answered at once, of those that come in a tenth of a second, one each tenth of a millisecond. */
    private static int through(TwoHomes world, Lanes lanes) throws InterruptedException {
        int through = 0;
        for (int i = 0; i < 1_000; i++) {
            through += lanes.atOnce(FLOOD) ? 1 : 0;
            if (i % 100 == 0) {
                assertThat(lanes.atOnce(OTHER)).isTrue();
            }
            world.time.sleep(MILLI / 10);
        }
        return through;
    }

    @Test
    void whoFloodsAFullNodeWaitsInItsLaneAndTheOthersDoNot() {
        inEveryWorld(world -> {
            AtomicBoolean full = new AtomicBoolean();
            Lanes lanes = begun(world, full::get);
            assertThat(through(world, lanes)).isEqualTo(1_000);
            full.set(true);
            flood(lanes);
            world.time.sleep(100 * MILLI);
            int first = through(world, lanes);
            assertThat(first).isLessThan(900);
            for (int i = 0; i < 10; i++) {
                through(world, lanes);
            }
            assertThat(through(world, lanes)).isLessThan(first);
            lanes.close();
        });
    }

    @Test
    void whoHasNotComeForAMinuteIsForgotten() {
        inEveryWorld(world -> {
            Lanes lanes = begun(world, () -> false);
            for (int i = 0; i < 1_000; i++) {
                lanes.atOnce(new NamespaceId(1, i));
            }
            for (int second = 0; second < 70; second++) {
                lanes.atOnce(OTHER);
                world.time.sleep(1_000 * MILLI);
                if (second == 50) {
                    assertThat(lanes.namespaces()).isEqualTo(1_001);
                }
            }
            assertThat(lanes.namespaces()).isEqualTo(1);
            lanes.close();
        });
    }

    @Test
    void aLaneOpensAgainWhenTheProcessorHasSomethingLeft() {
        inEveryWorld(world -> {
            AtomicBoolean full = new AtomicBoolean(true);
            Lanes lanes = begun(world, full::get);
            flood(lanes);
            world.time.sleep(110 * MILLI);
            assertThat(through(world, lanes)).isLessThan(1_000);
            full.set(false);
            for (int i = 0; i < 30; i++) {
                through(world, lanes);
            }
            assertThat(through(world, lanes)).isEqualTo(1_000);
            lanes.close();
        });
    }

    @Test
    void aNamespaceThatIsAloneHasNobodyToTakeFrom() {
        inEveryWorld(world -> {
            Lanes lanes = begun(world, () -> true);
            for (int window = 0; window < 5; window++) {
                for (int i = 0; i < 1_000; i++) {
                    assertThat(lanes.atOnce(FLOOD)).isTrue();
                }
                world.time.sleep(100 * MILLI);
            }
            lanes.close();
        });
    }

    @Test
    void whoeverComesToANodeThatOneHasForItselfFindsRoomAtOnce() {
        inEveryWorld(world -> {
            Lanes lanes = begun(world, () -> true);
            for (int i = 0; i < 1_000; i++) {
                assertThat(lanes.atOnce(FLOOD)).isTrue();
            }
            world.time.sleep(100 * MILLI);
            assertThat(lanes.atOnce(FLOOD)).isTrue();
            assertThat(lanes.atOnce(OTHER)).isTrue();
            assertThat(lanes.atOnce(FLOOD)).isFalse();
            lanes.close();
        });
    }

    @Test
    void aLaneComesNearToWhatFilledTheProcessorAndThenWidensByLittle() {
        inEveryWorld(world -> {
            AtomicBoolean full = new AtomicBoolean();
            Lanes lanes = begun(world, full::get);
            through(world, lanes);
            full.set(true);
            through(world, lanes);
            full.set(false);
            int half = through(world, lanes);
            assertThat(half).isBetween(400, 600);
            for (int i = 0; i < 8; i++) {
                through(world, lanes);
            }
            assertThat(through(world, lanes)).as("of 1,000 that fill it").isBetween(650, 850);
            lanes.close();
        });
    }

    @Test
    void whoeverWaitsIsLetThroughInTimeOrToldToComeAgain() {
        inEveryWorld(world -> {
            Lanes lanes = begun(world, () -> true);
            flood(lanes);
            world.time.sleep(100 * MILLI);
            AtomicInteger let = new AtomicInteger();
            AtomicInteger refused = new AtomicInteger();
            for (int i = 0; i < 1_500; i++) {
                world.time.fork("call", () -> {
                    Refusal refusal = lanes.inTurn(FLOOD, false);
                    (refusal == null ? let : refused).incrementAndGet();
                    if (refusal != null) {
                        assertThat(Objects.requireNonNull(refusal).reason()).isEqualTo(Reason.SHED);
                    }
                });
            }
            world.await("all know", 3_000 * MILLI, () -> let.get() + refused.get() == 1_500);
            assertThat(let.get()).isPositive();
            assertThat(refused.get()).isPositive();
            assertThat(lanes.refused()).isEqualTo(refused.get());
            lanes.close();
        });
    }
}
