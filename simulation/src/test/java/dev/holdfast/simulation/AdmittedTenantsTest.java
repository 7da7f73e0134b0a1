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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One tenant floods a store from two hundred namespaces; the others have one each. All are of one tier. */
class AdmittedTenantsTest {
    /** With calls of 40 ms: 400 a second. */
    private static final AdmissionConfig SIXTEEN = new AdmissionConfig(4, 16, 150, Duration.ofSeconds(1), 0, 200);

    private static final long CALL = 40 * MILLI;

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

    /** Its calls take their time, also those whose thread has been woken before it had to wait. */
    private static final class Slow extends ScriptedStore {
        private final TwoHomes world;

        private Slow(TwoHomes world) {
            super(world.time);
            this.world = world;
            this.takes = 1;
        }

        @Override
        public Answer get(NamespaceId namespace, Key key, ReadMode mode) {
            rest(world, CALL);
            return super.get(namespace, key, mode);
        }
    }

    private static void rest(TwoHomes world, long nanos) {
        long end = world.time.nanos() + nanos;
        while (world.time.nanos() - end < 0) {
            world.time.park(end - world.time.nanos());
        }
    }

    private static AdmittedStore open(TwoHomes world) throws Exception {
        return AdmittedStore.open(
                new Slow(world),
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
                rest(world, answered ? pause : 200 * MILLI);
            }
        });
    }

    private void flood(TwoHomes world, AdmittedStore admitted) {
        for (int i = 0; i < FLOODED_FROM; i++) {
            clients(world, admitted, new NamespaceId(FLOODING, i), 1, 0);
        }
    }

    /** Before anything is asserted, since clients that nobody ends go on for ever. */
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
            Told neighbour = clients(world, admitted, new NamespaceId(2, 0), 20, 0);
            world.time.park(5 * SECOND);
            end(world, admitted);
            // Half of 2,000.
            assertThat(neighbour.answers.get()).isBetween(950, 1_050);
            assertThat(neighbour.refusals.get()).isZero();
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2})
    void aNeighbourThatWantsLittleFindsRoomAtOnce(long seed) {
        TwoHomes.inOneWorld(seed, world -> {
            AdmittedStore admitted = open(world);
            flood(world, admitted);
            Told neighbour = clients(world, admitted, new NamespaceId(2, 0), 1, 60 * MILLI);
            world.time.park(SECOND);
            neighbour.longest.set(0);
            world.time.park(4 * SECOND);
            int answers = neighbour.answers.get();
            end(world, admitted);
            assertThat(neighbour.longest.get()).isLessThan(CALL + MILLI);
            assertThat(neighbour.refusals.get()).isZero();
            assertThat(answers).isBetween(48, 51);
        });
    }

    @Test
    void aTenantHasAllTheRoomOnceItIsAlone() {
        TwoHomes.inOneWorld(0, world -> {
            AdmittedStore admitted = open(world);
            assertThat(admitted.get(new NamespaceId(2, 0), KEY, Store.ReadMode.CONFIRMED))
                    .isInstanceOf(Answer.Found.class);
            flood(world, admitted);
            world.time.park(2 * SECOND);
            int besideOthers = admitted.admission().underWay();
            world.time.park(9 * SECOND);
            int alone = admitted.admission().underWay();
            end(world, admitted);
            assertThat(besideOthers).isEqualTo(12);
            assertThat(alone).isEqualTo(16);
        });
    }
}
