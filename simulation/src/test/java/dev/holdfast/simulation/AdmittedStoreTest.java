package dev.holdfast.simulation;

import static dev.holdfast.simulation.TwoHomes.MILLI;
import static dev.holdfast.simulation.TwoHomes.SECOND;
import static dev.holdfast.simulation.TwoHomes.inEveryWorld;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.admission.AdmissionConfig;
import dev.holdfast.engine.admission.AdmittedStore;
import dev.holdfast.engine.admission.Gate;
import dev.holdfast.engine.admission.RampConfig;
import dev.holdfast.engine.admission.Standing;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.Store.Reason;
import dev.holdfast.engine.replication.Store.Refusal;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What is let through to the store, whoever asks. */
class AdmittedStoreTest {
    private static final NamespaceId BULK = new NamespaceId(9, 3);
    private static final int BULK_TIER = 3;
    private static final AdmissionConfig NARROW = new AdmissionConfig(1, 4, 4, Duration.ofSeconds(1), 2, 200);

    private static AdmittedStore open(TwoHomes world, ScriptedStore store) throws Exception {
        return AdmittedStore.open(
                store, world.time, NARROW, RampConfig.DEFAULT, _ -> new Standing("t", BULK_TIER), world.disk());
    }

    @Test
    void whoAsksWhatTheHomesSayWaitsForATurnAsReadersDo() {
        inEveryWorld(world -> {
            ScriptedStore store = new ScriptedStore(world.time);
            store.takes = 10 * SECOND;
            AdmittedStore admitted = open(world, store);
            for (int i = 0; i < 20; i++) {
                Key key = Key.of("k" + i);
                world.time.fork("asking", () -> admitted.explain(BULK, key));
            }
            world.time.park(500 * MILLI);
            // Three quarters of four, four more wait, and there is no room for the others.
            assertThat(admitted.admission().underWay()).isEqualTo(3);
            assertThat(admitted.admission().waiting()).isEqualTo(4);
            assertThat(admitted.admission().shed()[BULK_TIER]).isEqualTo(13);
            world.time.park(11 * SECOND);
            assertThat(admitted.admission().underWay()).isZero();
            admitted.close();
            world.time.park(SECOND);
        });
    }

    @Test
    void behindAGateNoHomeIsAskedWhatItSays() {
        inEveryWorld(world -> {
            AdmittedStore admitted = open(world, new ScriptedStore(world.time));
            assertThat(admitted.explain(BULK, Key.of("k")).refused()).isNull();
            admitted.gates().set(BULK, Gate.STALE_ONLY, "token t", "a test");
            Refusal refused =
                    Objects.requireNonNull(admitted.explain(BULK, Key.of("k")).refused());
            assertThat(refused.reason()).isEqualTo(Reason.GATE);
            assertThat(refused.sentence()).contains("a test");
            assertThat(admitted.keptOut()).isOne();
            admitted.close();
            world.time.park(SECOND);
        });
    }
}
