package dev.holdfast.simulation;

import static dev.holdfast.simulation.TwoHomes.NAMESPACE;
import static dev.holdfast.simulation.TwoHomes.SECOND;
import static dev.holdfast.simulation.TwoHomes.acknowledged;
import static dev.holdfast.simulation.TwoHomes.allCurrent;
import static dev.holdfast.simulation.TwoHomes.inEveryWorld;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.Provider.Exact;
import dev.holdfast.engine.replication.ChangeLog;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Condition;
import dev.holdfast.engine.replication.Store.ReadMode;
import dev.holdfast.engine.replication.Store.Written;
import dev.holdfast.simulation.parts.SimulatedProvider;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An import gives records back at the versions that they had, and brings nothing back that was deleted (DESIGN rule 26). */
class KeptVersionsTest {
    private static final Key KEY = Key.of("k");

    private static Record record(Version version) {
        return Record.of(version, Record.NEVER, new byte[] {'1'}, "of long ago".getBytes(StandardCharsets.UTF_8));
    }

    private static Version longAgo(TwoHomes world) {
        return Version.of(world.time.wallMillis() - 3_600_000, 7, 77);
    }

    private static void isKept(ReplicatedStore store, Record record) {
        assertThat(store.restore(NAMESPACE, KEY, record))
                .isInstanceOfSatisfying(
                        Written.Acknowledged.class,
                        done -> assertThat(done.receipt().version()).isEqualTo(record.version()));
    }

    private static void isNotKept(ReplicatedStore store, Record record) {
        assertThat(store.restore(NAMESPACE, KEY, record)).isInstanceOf(Written.ConditionFailed.class);
    }

    private static boolean holds(SimulatedProvider place, Record record) {
        Head head = place.held(NAMESPACE.id(), KEY);
        return head != null && head.version().equals(record.version()) && head.valueBytes() == record.value().length;
    }

    private static Answer read(ReplicatedStore store) {
        return store.get(NAMESPACE.id(), KEY, ReadMode.FRESH);
    }

    @Test
    void bothHomesHoldTheRecordAsItWasAndTheFeedTellsOfIt() {
        inEveryWorld(world -> {
            ReplicatedStore store = world.started();
            ChangeLog.Position before = store.changes().newest();
            Record old = record(longAgo(world));
            isKept(store, old);
            world.await("both have it", 10 * SECOND, () -> holds(world.placeA, old) && holds(world.placeB, old));
            assertThat(store.changes().read(before, 10, SECOND))
                    .isInstanceOfSatisfying(
                            ChangeLog.Page.Changes.class,
                            page -> assertThat(page.changes())
                                    .anyMatch(change -> change.key().equals(KEY)
                                            && change.version().equals(old.version())));
        });
    }

    @Test
    void aRepetitionIsAcknowledgedAndTheNextWriteIsNewer() {
        inEveryWorld(world -> {
            ReplicatedStore store = world.started();
            Record old = record(Version.of(world.time.wallMillis() + 1_000, 7, 77));
            isKept(store, old);
            isKept(store, old);
            assertThat(acknowledged(store, KEY)).isGreaterThan(old.version());
            isNotKept(store, old);
        });
    }

    @Test
    void whatIsNewerStays() {
        inEveryWorld(world -> {
            ReplicatedStore store = world.started();
            Version version = acknowledged(store, KEY);
            isNotKept(store, record(longAgo(world)));
            assertThat(read(store))
                    .isInstanceOfSatisfying(
                            Answer.Found.class,
                            found -> assertThat(found.record().version()).isEqualTo(version));
        });
    }

    @Test
    void whatWasDeletedStaysDeletedAlsoWhenItsTombstoneIsCollected() {
        inEveryWorld(world -> {
            ReplicatedStore store = world.started();
            Version written = acknowledged(store, KEY);
            store.delete(NAMESPACE, KEY, Condition.NONE);
            isNotKept(store, record(written));
            Version floor = acknowledged(store, Key.of("later"));
            for (var place : List.of(world.placeA, world.placeB)) {
                place.raiseFloor(NAMESPACE.id(), floor);
                place.collect(
                        NAMESPACE.id(),
                        List.of(new Exact(KEY, place.sight(NAMESPACE.id(), KEY).version())));
            }
            isNotKept(store, record(written));
            assertThat(read(store)).isInstanceOf(Answer.Missing.class);
            assertThat(world.placeA.held(NAMESPACE.id(), KEY)).isNull();
        });
    }

    @Test
    void aHomeThatHasForgottenTheFloorDoesNotTakeItEither() {
        inEveryWorld(world -> {
            ReplicatedStore store = world.open(world.disk());
            Record old = record(longAgo(world));
            world.placeA.raiseFloor(NAMESPACE.id(), acknowledged(store, Key.of("later")));
            isNotKept(store, old);
            assertThat(world.placeB.held(NAMESPACE.id(), KEY)).isNull();
        });
    }

    @Test
    void aVersionThatNoHonestClockHasStampedIsNotKept() {
        inEveryWorld(world -> {
            ReplicatedStore store = world.started();
            isNotKept(store, record(Version.of(world.time.wallMillis() + 3_600_000, 0, 1)));
            isNotKept(store, record(Version.NONE));
            isNotKept(store, record(Version.MAX));
        });
    }

    @Test
    void aHomeThatWasAwayGetsItWhenItIsBack() {
        inEveryWorld(world -> {
            ReplicatedStore store = world.started();
            Record old = record(longAgo(world));
            world.placeB.cut(true);
            isKept(store, old);
            world.placeB.cut(false);
            world.await(
                    "b is back",
                    60 * SECOND,
                    () -> allCurrent(store) && store.status().hints().depth() == 0);
            assertThat(holds(world.placeB, old)).isTrue();
        });
    }

    @Test
    void nothingIsKeptWhenNobodyCanSayThatItWasNotDeleted() {
        inEveryWorld(world -> {
            ReplicatedStore store = world.started();
            world.cutOffB(store);
            world.placeA.cut(true);
            assertThat(store.restore(NAMESPACE, KEY, record(longAgo(world))))
                    .isNotInstanceOf(Written.Acknowledged.class);
        });
    }
}
