package dev.holdfast.engine.provider.large;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FailureDomain;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.Identity;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.MemoryProvider;
import dev.holdfast.engine.provider.Page;
import dev.holdfast.engine.provider.Provider.Exact;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.Put;
import dev.holdfast.engine.provider.Row;
import dev.holdfast.engine.time.SystemTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LargeValuesTest {
    private static final NamespaceId NS = NamespaceId.parse("0123456789abcdef0123456789abcdef");
    private static final Key KEY = Key.of("k");
    private static final Key OTHER = Key.of("other");
    private static final int OVER = 100;

    private final MemoryProvider heads = MemoryProvider.initialised("heads");
    private final Failing blobs = new Failing();
    private LargeValues provider;

    /** Fails all that it is asked, while it is told to. */
    private static final class Failing extends MemoryProvider {
        private boolean away;
        private int asked;

        Failing() {
            super("blobs", new FailureDomain("memory", "here", "blobs"));
        }

        private void ask() throws ProviderFault {
            asked++;
            if (away) {
                throw new ProviderFault(FaultKind.UNAVAILABLE, "away");
            }
        }

        @Override
        public synchronized Put put(NamespaceId namespace, Key key, Record record, boolean vouched)
                throws ProviderFault {
            ask();
            return super.put(namespace, key, record, vouched);
        }

        @Override
        public synchronized Lookup get(NamespaceId namespace, Key key) throws ProviderFault {
            ask();
            return super.get(namespace, key);
        }

        private Key only() throws ProviderFault {
            Page page = super.scan(LargeValues.BLOBS, new byte[0], null, 10);
            assertThat(page.rows()).hasSize(1);
            return page.rows().getFirst().key();
        }

        private int count() throws ProviderFault {
            return super.scan(LargeValues.BLOBS, new byte[0], null, 1_000)
                    .rows()
                    .size();
        }
    }

    @BeforeEach
    void open() {
        blobs.initialise(new Identity("00000000000000000000000000000001", 1));
        provider = new LargeValues(heads, blobs, OVER, Duration.ofHours(1), new SystemTime());
    }

    @AfterEach
    void close() {
        provider.close();
    }

    private static Record large(int version) {
        byte[] metadata = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
        return Record.of(
                Version.of(1_700_000_000_000L, version, 1), 4_000_000_000L, metadata, new byte[OVER + version]);
    }

    private static Record small(int version) {
        return Record.of(Version.of(1_700_000_000_000L, version, 1), new byte[OVER]);
    }

    private static FaultKind kind(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return catchThrowableOfType(ProviderFault.class, call).kind();
    }

    @Test
    void headsAreComparedWithoutReadingValues() throws Exception {
        provider.putIfNewer(NS, KEY, large(7));
        blobs.asked = 0;
        Row row = provider.scan(NS, new byte[0], null, 10).rows().getFirst();
        assertThat(row.head()).usingRecursiveComparison().isEqualTo(RecordFormat.headOf(NS, KEY, large(7)));
        assertThat(provider.sight(NS, KEY).version()).isEqualTo(large(7).version());
        assertThat(blobs.asked).isZero();
        assertThat(provider.get(NS, KEY)).isEqualTo(new Lookup.Present(large(7)));
    }

    @Test
    void withTheBlobsAwayLargeWritesFailAndSmallOnesGoOn() throws Exception {
        provider.putIfNewer(NS, KEY, large(1));
        blobs.away = true;
        assertThat(kind(() -> provider.putIfNewer(NS, KEY, large(2)))).isEqualTo(FaultKind.UNAVAILABLE);
        assertThat(kind(() -> provider.get(NS, KEY))).isEqualTo(FaultKind.UNAVAILABLE);
        assertThat(provider.putIfNewer(NS, OTHER, small(2)).stored()).isTrue();
        assertThat(provider.get(NS, OTHER)).isEqualTo(new Lookup.Present(small(2)));
        assertThat(provider.probe().identity()).isEqualTo(heads.probe().identity());
        blobs.away = false;
        assertThat(provider.get(NS, KEY)).as("as before the write that failed").isEqualTo(new Lookup.Present(large(1)));
        assertThat(provider.putIfNewer(NS, KEY, large(2)).stored()).isTrue();
        assertThat(provider.get(NS, KEY)).isEqualTo(new Lookup.Present(large(2)));
    }

    @Test
    void aBlobThatIsLostIsDamageThatAPutRepairs() throws Exception {
        provider.putIfNewer(NS, KEY, large(3));
        blobs.collect(LargeValues.BLOBS, List.of(new Exact(blobs.only(), large(3).version())));
        assertThat(kind(() -> provider.get(NS, KEY))).isEqualTo(FaultKind.CORRUPT);
        assertThat(provider.putIfNewer(NS, KEY, large(3)).stored()).isTrue();
        assertThat(provider.get(NS, KEY)).isEqualTo(new Lookup.Present(large(3)));
    }

    @Test
    void aBlobThatIsAlteredIsDamageThatAPutRepairs() throws Exception {
        provider.putIfNewer(NS, KEY, large(3));
        blobs.damage(LargeValues.BLOBS, blobs.only());
        assertThat(kind(() -> provider.get(NS, KEY))).isEqualTo(FaultKind.CORRUPT);
        provider.raiseFloor(NS, large(9).version());
        assertThat(provider.restore(NS, KEY, large(3)).stored()).isTrue();
        assertThat(provider.get(NS, KEY)).isEqualTo(new Lookup.Present(large(3)));
    }

    @Test
    void blobsThatAreWipedAreDamageAndAPlaceForThemIsMadeAnew() throws Exception {
        provider.putIfNewer(NS, KEY, large(3));
        blobs.wipe();
        assertThat(kind(() -> provider.get(NS, KEY))).isEqualTo(FaultKind.CORRUPT);
        assertThat(provider.putIfNewer(NS, OTHER, large(4)).stored()).isTrue();
        assertThat(provider.putIfNewer(NS, KEY, large(3)).stored()).isTrue();
        assertThat(provider.get(NS, KEY)).isEqualTo(new Lookup.Present(large(3)));
    }

    @Test
    void aBlobWithoutAHeadIsCollectedAfterTheGraceAndNoOther() throws Exception {
        Orphans orphans = new Orphans(heads, blobs, new SystemTime(), 0);
        Orphans patient =
                new Orphans(heads, blobs, new SystemTime(), Duration.ofHours(1).toNanos());
        provider.putIfNewer(NS, KEY, large(1));
        provider.putIfNewer(NS, KEY, large(2));
        provider.putIfNewer(NS, OTHER, large(3));
        provider.putIfNewer(NS, OTHER, Record.tombstone(large(4).version()));
        assertThat(blobs.count()).isEqualTo(3);
        assertThat(patient.round()).isZero();
        assertThat(patient.round()).isZero();
        assertThat(orphans.round()).isEqualTo(2);
        assertThat(orphans.round()).isZero();
        assertThat(provider.get(NS, KEY)).isEqualTo(new Lookup.Present(large(2)));
    }

    @Test
    void nothingOlderIsWrittenInVain() throws Exception {
        provider.putIfNewer(NS, KEY, large(5));
        assertThat(provider.putIfNewer(NS, KEY, large(4))).isEqualTo(new Put(false, large(5).version()));
        provider.raiseFloor(NS, large(9).version());
        assertThat(provider.putIfNewer(NS, OTHER, large(8))).isEqualTo(new Put(false, large(9).version()));
        assertThat(blobs.count()).isEqualTo(1);
    }

    @Test
    void metadataThatLookLikeAReferenceAreNone() throws Exception {
        Record stand = Reference.to(NS, KEY, large(1), 1).standIn(large(1));
        provider.putIfNewer(NS, KEY, stand);
        assertThat(provider.get(NS, KEY)).isEqualTo(new Lookup.Present(stand));
        assertThat(provider.scan(NS, new byte[0], null, 1).rows().getFirst().head())
                .usingRecursiveComparison()
                .isEqualTo(RecordFormat.headOf(NS, KEY, stand));
    }

    @Test
    void smallAndLargeOfOneVersionSettleAsAtEveryOtherHome() throws Exception {
        Version version = small(1).version();
        List<Record> rivals = List.of(
                Record.of(version, new byte[OVER + 1]),
                Record.of(version, new byte[] {1}),
                Record.of(version, 0, "{}".getBytes(StandardCharsets.UTF_8), new byte[] {1}),
                Record.of(version, 0, "[]".getBytes(StandardCharsets.UTF_8), new byte[OVER + 2]),
                Record.tombstone(version));
        int n = 0;
        for (Record first : rivals) {
            for (Record second : rivals) {
                Key key = Key.of("k" + n++);
                provider.putIfNewer(NS, key, first);
                boolean stored = provider.putIfNewer(NS, key, second).stored();
                Record winner = Record.merge(first, second);
                assertThat(stored).as("%s then %s", first, second).isEqualTo(winner.equals(second));
                assertThat(provider.get(NS, key)).isEqualTo(new Lookup.Present(winner));
            }
        }
    }
}
