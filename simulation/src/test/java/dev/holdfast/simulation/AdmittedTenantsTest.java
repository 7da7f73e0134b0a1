package dev.holdfast.simulation;

import static dev.holdfast.simulation.TwoHomes.MILLI;
import static dev.holdfast.simulation.TwoHomes.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.admission.AdmissionConfig;
import dev.holdfast.engine.admission.AdmittedStore;
import dev.holdfast.engine.admission.RampConfig;
import dev.holdfast.engine.admission.Standing;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.Store.Answer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One tenant floods a store from two hundred namespaces; the others have one each. All are of one tier. */
class AdmittedTenantsTest {
    /** 16 calls of 10 ms: 1,600 a second. */
    private static final AdmissionConfig SIXTEEN = new AdmissionConfig(4, 16, 300, Duration.ofSeconds(1), 0, 200);

    private static final int FLOODING = 1;
    private static final int FLOODED_FROM = 200;
    private static final Key KEY = Key.of("k");

    private final AtomicBoolean over = new AtomicBoolean();

    /** What clients of one tenant were told, and the longest that one waited for it. */
    private static final class Told {
        private final AtomicInteger answers = new AtomicInteger();
        private final AtomicInteger refusals = new AtomicInteger();
        private final AtomicLong longest = new AtomicLong();
    }

    private static AdmittedStore open(TwoHomes world) throws Exception {
        ScriptedStore store = new ScriptedStore(world.time);
        store.takes = 10 * MILLI;
        return AdmittedStore.open(
                store,
                world.time,
                SIXTEEN,
                RampConfig.DEFAULT,
                id -> new Standing("tenant " + id.high(), 2),
                world.disk());
    }

    /** Clients that ask again {@code pause} after each answer. */
    private Told clients(TwoHomes world, AdmittedStore admitted, NamespaceId namespace, int clients, long pause) {
        Told told = new Told();
        for (int i = 0; i < clients; i++) {
            clients(world, admitted, namespace, pause, told);
        }
        return told;
    }

    private void clients(TwoHomes world, AdmittedStore admitted, NamespaceId namespace, long pause, Told told) {
        world.time.fork("client", () -> {
            while (!over.get()) {
                long asked = world.time.nanos();
                boolean answered = admitted.get(namespace, KEY, Store.ReadMode.CONFIRMED) instanceof Answer.Found;
                (answered ? told.answers : told.refusals).incrementAndGet();
                told.longest.accumulateAndGet(world.time.nanos() - asked, Math::max);
                world.time.park(answered ? pause : 20 * MILLI);
            }
        });
    }

    private void flood(TwoHomes world, AdmittedStore admitted) {
        for (int i = 0; i < FLOODED_FROM; i++) {
            clients(world, admitted, new NamespaceId(FLOODING, i), 2, 0);
        }
    }

    private void end(TwoHomes world, AdmittedStore admitted) {
        over.set(true);
        world.time.park(3 * SECOND);
        admitted.close();
        world.time.park(SECOND);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2})
    void aNeighbourThatWantsMoreThanItsShareHasItsShare(long seed) {
        TwoHomes.inOneWorld(seed, world -> {
            AdmittedStore admitted = open(world);
            flood(world, admitted);
            Told neighbour = clients(world, admitted, new NamespaceId(2, 0), 40, 0);
            world.time.park(5 * SECOND);
            end(world, admitted);
            // Half of 8,000.
            assertThat(neighbour.answers.get()).isBetween(3_700, 4_300);
            assertThat(neighbour.refusals.get()).isZero();
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2})
    void aNeighbourThatWantsLittleFindsRoomAtOnce(long seed) {
        TwoHomes.inOneWorld(seed, world -> {
            AdmittedStore admitted = open(world);
            flood(world, admitted);
            Told neighbour = clients(world, admitted, new NamespaceId(2, 0), 2, 50 * MILLI);
            world.time.park(5 * SECOND);
            assertThat(admitted.admission().underWay()).isBetween(12, 14);
            end(world, admitted);
            assertThat(neighbour.answers.get()).isBetween(150, 170);
            assertThat(neighbour.refusals.get()).isZero();
            // A call that finds room takes 10 ms; only the first has to wait for one of the flood to end.
            assertThat(neighbour.longest.get()).isLessThan(21 * MILLI);
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2})
    void aTenantThatIsAloneHasAllTheRoom(long seed) {
        TwoHomes.inOneWorld(seed, world -> {
            AdmittedStore admitted = open(world);
            Told before = clients(world, admitted, new NamespaceId(2, 0), 1, SECOND / 2);
            flood(world, admitted);
            world.time.park(2 * SECOND);
            assertThat(before.refusals.get()).isZero();
            assertThat(admitted.admission().underWay()).isBetween(12, 13);
            over.set(true);
            world.time.park(3 * SECOND);
            over.set(false);
            flood(world, admitted);
            world.time.park(11 * SECOND);
            assertThat(admitted.admission().underWay()).isEqualTo(16);
            end(world, admitted);
        });
    }
}
