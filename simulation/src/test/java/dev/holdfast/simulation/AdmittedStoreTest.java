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
import dev.holdfast.engine.edge.CacheStatus;
import dev.holdfast.engine.edge.Coverage;
import dev.holdfast.engine.edge.EdgeConfig;
import dev.holdfast.engine.edge.Near;
import dev.holdfast.engine.edge.NearStore;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.OnOutage;
import dev.holdfast.engine.replication.Point;
import dev.holdfast.engine.replication.Request;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.ReadMode;
import dev.holdfast.engine.replication.Store.Reason;
import dev.holdfast.engine.replication.Store.Refusal;
import dev.holdfast.engine.time.Time;
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

    @Test
    void whatNobodyWaitsForIsPutOffBeyondTheBoundAndAReaderIsAnswered() {
        inEveryWorld(world -> {
            ScriptedStore store = new ScriptedStore(world.time);
            AdmissionConfig low = new AdmissionConfig(4, 64, 64, Duration.ofSeconds(1), 2, 1);
            AdmittedStore admitted = AdmittedStore.open(
                    store, world.time, low, RampConfig.DEFAULT, _ -> new Standing("t", BULK_TIER), world.disk());
            for (int i = 0; i < 400; i++) {
                assertThat(reads(admitted)).isTrue();
                world.time.park(50 * MILLI);
            }
            double borne = admitted.admission().borne();
            assertThat(borne).isBetween(10.0, 21.0);
            int done = 0;
            long until = world.time.nanos() + 10 * SECOND;
            while (world.time.nanos() < until) {
                done += Request.whenThereIsRoom().serve(() -> reads(admitted)) ? 1 : 0;
                world.time.park(5 * MILLI);
            }
            assertThat((double) done).isBetween(15 * borne, 20 * borne);
            assertThat(reads(admitted)).isTrue();
            admitted.close();
            world.time.park(SECOND);
        });
    }

    /** What is asked without hurry takes a second, and is put off then. */
    private static final class WithoutRoom extends ScriptedStore {
        private final Time time;
        private int putOff;
        private int asked;

        private WithoutRoom(Time time) {
            super(time);
            this.time = time;
        }

        @Override
        public Answer get(NamespaceId namespace, Key key, ReadMode mode) {
            if (!Request.now().unhurried()) {
                asked++;
                return super.get(namespace, key, mode);
            }
            putOff++;
            time.park(SECOND);
            return new Answer.Unavailable(new Refusal(Reason.SHED, "no room", 1));
        }
    }

    @Test
    void whoHasComeToWaitForALookThatIsPutOffAsksForItself() {
        inEveryWorld(world -> {
            WithoutRoom store = new WithoutRoom(world.time);
            NearStore near = new NearStore(
                    store,
                    world.time,
                    EdgeConfig.DEFAULT,
                    hearingEverything(world.time),
                    Near.simulated(world.time, EdgeConfig.DEFAULT, null));
            Key key = Key.of("k");
            assertThat(near.read(TwoHomes.NAMESPACE, key, SECOND).status()).isEqualTo(CacheStatus.MISS);
            world.time.park(11 * SECOND);
            assertThat(near.read(TwoHomes.NAMESPACE, key, SECOND).status()).isEqualTo(CacheStatus.HIT);
            world.time.park(100 * MILLI);
            assertThat(store.putOff).isOne();
            Namespace closed = TwoHomes.NAMESPACE.with(Namespace.Policy.DEFAULT.withOnOutage(OnOutage.parse("closed")));
            assertThat(near.read(closed, key, SECOND).answer()).isInstanceOf(Answer.Found.class);
            assertThat(store.asked).isEqualTo(2);
        });
    }

    private static Coverage hearingEverything(Time time) {
        return new Coverage() {
            @Override
            public long newestUntil(long toldNanos) {
                return time.nanos();
            }

            @Override
            public boolean passed(Point session) {
                return true;
            }

            @Override
            public boolean missedSince(long nanos) {
                return false;
            }
        };
    }

    private static boolean reads(AdmittedStore admitted) {
        return admitted.get(BULK, Key.of("k"), ReadMode.CONFIRMED) instanceof Answer.Found;
    }
}
