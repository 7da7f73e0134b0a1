package dev.holdfast.simulation;

import static dev.holdfast.simulation.TwoHomes.MILLI;
import static dev.holdfast.simulation.TwoHomes.inEveryWorld;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.admission.Lanes;
import dev.holdfast.engine.kv.NamespaceId;
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
        world.time.sleep(10 * MILLI);
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

    @Test
    void whoFloodsAFullNodeIsSentToItsLaneAndTheOthersAreNot() {
        inEveryWorld(world -> {
            AtomicBoolean full = new AtomicBoolean();
            Lanes lanes = begun(world, full::get);
            flood(lanes);
            world.time.sleep(100 * MILLI);
            assertThat(lanes.atOnce(FLOOD)).isTrue();
            full.set(true);
            flood(lanes);
            world.time.sleep(100 * MILLI);
            assertThat(lanes.atOnce(FLOOD)).isFalse();
            assertThat(lanes.atOnce(OTHER)).isTrue();
            full.set(false);
            world.time.sleep(100 * MILLI);
            assertThat(lanes.atOnce(FLOOD)).isTrue();
            lanes.close();
        });
    }

    @Test
    void aNamespaceThatIsAloneHasNobodyToTakeFrom() {
        inEveryWorld(world -> {
            Lanes lanes = begun(world, () -> true);
            for (int i = 0; i < 1_000; i++) {
                lanes.atOnce(FLOOD);
            }
            world.time.sleep(100 * MILLI);
            assertThat(lanes.atOnce(FLOOD)).isTrue();
            lanes.close();
        });
    }

    @Test
    void inALaneOneReadAtATimeIsAnswered() {
        inEveryWorld(world -> {
            Lanes lanes = begun(world, () -> true);
            flood(lanes);
            world.time.sleep(100 * MILLI);
            AtomicInteger within = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            AtomicInteger done = new AtomicInteger();
            for (int i = 0; i < 20; i++) {
                world.time.fork(
                        "read",
                        () -> done.addAndGet(lanes.inTurn(FLOOD, () -> {
                            most.accumulateAndGet(within.incrementAndGet(), Math::max);
                            world.time.park(1_000);
                            within.decrementAndGet();
                            return 1;
                        })));
            }
            world.await("all are answered", 50 * MILLI, () -> done.get() == 20);
            assertThat(most).hasValue(1);
            assertThat(lanes.sent()).isEqualTo(20);
            lanes.close();
        });
    }
}
