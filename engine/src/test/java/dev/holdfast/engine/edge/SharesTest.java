package dev.holdfast.engine.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.LocalStore.Table;
import dev.holdfast.engine.provider.MemoryLocalStore;
import dev.holdfast.engine.replication.KeyRef;
import org.junit.jupiter.api.Test;

class SharesTest {
    private static final NamespaceId QUIET = new NamespaceId(1, 1);
    private static final NamespaceId BUSY = new NamespaceId(2, 2);

    private final LocalStore local = new MemoryLocalStore();

    private static KeyRef ref(NamespaceId namespace, int number) {
        return new KeyRef(namespace, Key.of("key-" + number));
    }

    private void put(Shares shares, KeyRef ref, int size) throws LocalStoreFault {
        LocalStore.Batch batch = new LocalStore.Batch();
        shares.put(batch, ref, 0, new byte[size]);
        local.commit(batch);
        shares.makeRoom();
    }

    private boolean here(KeyRef ref) throws LocalStoreFault {
        return local.get(Table.CACHE, ref.bytes()) != null;
    }

    private long lying() throws LocalStoreFault {
        return local.scan(Table.CACHE, new byte[0], null, Integer.MAX_VALUE).stream()
                .mapToLong(row -> row.key().length + row.value().length)
                .sum();
    }

    @Test
    void theRoomIsNeverExceededAndTheAccountIsWhatLiesThere() throws LocalStoreFault {
        Shares shares = Shares.load(local, 20_000);
        for (int i = 0; i < 500; i++) {
            put(shares, ref(BUSY, i % 150), i);
            assertThat(shares.bytes()).isEqualTo(lying()).isLessThanOrEqualTo(20_000);
        }
        assertThat(Shares.load(local, 20_000).bytes()).isEqualTo(lying());
    }

    @Test
    void aNamespaceWithinItsPartLosesNothingToABusyOne() throws LocalStoreFault {
        Shares shares = Shares.load(local, 20_000);
        for (int i = 0; i < 20; i++) {
            put(shares, ref(QUIET, i), 100);
        }
        for (int i = 0; i < 5_000; i++) {
            put(shares, ref(BUSY, i), 200);
        }
        for (int i = 0; i < 20; i++) {
            assertThat(here(ref(QUIET, i))).isTrue();
        }
        assertThat(here(ref(BUSY, 4_999))).isTrue();
        assertThat(here(ref(BUSY, 0))).isFalse();
    }

    @Test
    void theOrderAndTheAccountAreKnownAgainAfterARestart() throws LocalStoreFault {
        Shares shares = Shares.load(local, 20_000);
        for (int i = 0; i < 60; i++) {
            put(shares, ref(BUSY, i), 200);
        }
        Shares again = Shares.load(local, 20_000);
        for (int i = 60; i < 120; i++) {
            put(again, ref(BUSY, i), 200);
        }
        assertThat(here(ref(BUSY, 0))).isFalse();
        assertThat(here(ref(BUSY, 119))).isTrue();
        assertThat(again.bytes()).isEqualTo(lying());
    }
}
