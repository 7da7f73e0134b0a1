package dev.holdfast.simulation;

import static dev.holdfast.simulation.TwoHomes.NAMESPACE;
import static dev.holdfast.simulation.TwoHomes.SECOND;
import static dev.holdfast.simulation.TwoHomes.inEveryWorld;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.admission.CountedStore;
import dev.holdfast.engine.admission.StoredUse;
import dev.holdfast.engine.admission.StoredUse.Stored;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.replication.Store.Condition;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class StoredUseTest {
    private static final byte[] VALUE = {1, 2, 3};
    private static final byte[] NOTHING = {};

    private static void put(CountedStore store, int from, int to) {
        for (int i = from; i < to; i++) {
            store.put(NAMESPACE, Key.of(String.format("%04d", i)), VALUE, NOTHING, Record.NEVER, Condition.NONE);
        }
    }

    @Test
    void whatIsStoredIsCountedAndWhatIsWrittenSinceIsAddedUntilTheNextCount() {
        inEveryWorld(world -> {
            ReplicatedStore store = world.started();
            AtomicBoolean pressed = new AtomicBoolean();
            StoredUse use = new StoredUse(store, world.time, () -> List.of(NAMESPACE), namespace -> pressed.get());
            CountedStore counted = new CountedStore(store, use);
            world.await(
                    "it is counted", 30 * SECOND, () -> use.of(NAMESPACE.id()).known());
            put(counted, 0, 1_100);
            Stored written = use.of(NAMESPACE.id());
            assertThat(written.mostKeys()).isEqualTo(1_100);
            assertThat(written.mostBytes()).isEqualTo(1_100 * 7);
            put(counted, 0, 50);
            counted.delete(NAMESPACE, Key.of("0000"), Condition.NONE);
            assertThat(use.of(NAMESPACE.id()).mostKeys()).isEqualTo(1_150);
            pressed.set(true);
            world.await(
                    "it is counted early",
                    60 * SECOND,
                    () -> use.of(NAMESPACE.id()).keys() == 1_099);
            Stored now = use.of(NAMESPACE.id());
            assertThat(now).isEqualTo(new Stored(true, 1_099, 1_099 * 7, 1_099, 1_099 * 7));
            use.close();
            store.close();
        });
    }

    @Test
    void aCountThatMayLackSomeIsNotBelieved() {
        inEveryWorld(world -> {
            ReplicatedStore store = world.started();
            StoredUse use = new StoredUse(store, world.time, () -> List.of(NAMESPACE), namespace -> true);
            CountedStore counted = new CountedStore(store, use);
            world.await(
                    "it is counted", 30 * SECOND, () -> use.of(NAMESPACE.id()).known());
            put(counted, 0, 20);
            world.await(
                    "it is counted again",
                    60 * SECOND,
                    () -> use.of(NAMESPACE.id()).keys() == 20);
            world.placeA.cut(true);
            world.placeB.cut(true);
            world.time.sleep(60 * SECOND);
            assertThat(use.of(NAMESPACE.id()).keys()).isEqualTo(20);
            use.close();
            store.close();
        });
    }
}
