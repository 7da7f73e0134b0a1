package dev.holdfast.engine.replication.catalogue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.HybridClock;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.MemoryLocalStore;
import dev.holdfast.engine.replication.NoSystemRecords;
import dev.holdfast.engine.replication.catalogue.Catalogue.Entry;
import dev.holdfast.engine.time.SystemTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** Of what others have made a node knows all, or knows that it may not. */
class ReplicatedCatalogueTest {
    private static final byte[] CLUSTER_KEY = new byte[32];
    private static final String OTHERS = "namespace/others";

    private final MemoryLocalStore local = new MemoryLocalStore();
    private final Providers providers = new Providers();

    /** What the providers have, as far as they can be asked. */
    private static final class Providers extends NoSystemRecords {
        final Map<Key, Record> records = new TreeMap<>();
        boolean vouched;
        boolean allGive;

        void hold(String name, byte[] sealed) {
            records.put(Key.of("catalogue/" + name), Record.of(new Version(1), sealed));
        }

        @Override
        public boolean each(byte[] prefix, BiConsumer<Key, Record> record) {
            records.forEach(record);
            return vouched;
        }

        @Override
        public boolean eachHeld(byte[] prefix, BiConsumer<Key, Record> record) {
            records.forEach(record);
            return allGive;
        }
    }

    private ReplicatedCatalogue open() throws LocalStoreFault {
        SystemTime time = new SystemTime();
        return new ReplicatedCatalogue(
                time, local, new HybridClock(time, 1, 0, 1000, millis -> {}), providers, CLUSTER_KEY);
    }

    private static byte[] sealed(String name) {
        return new SealedEntry(new Version(7), new Entry("x".getBytes(UTF_8), 0)).seal(CLUSTER_KEY, name);
    }

    /** What it has as soon as it begins. */
    private ReplicatedCatalogue begun() throws LocalStoreFault {
        ReplicatedCatalogue catalogue = open();
        catalogue.exchange();
        return catalogue;
    }

    @Test
    void afterAnIncompleteListWhatIsMissingMayBeElsewhere() throws Exception {
        providers.hold(OTHERS, sealed(OTHERS));
        ReplicatedCatalogue catalogue = begun();
        assertThat(catalogue.get(OTHERS)).isPresent();
        assertThat(catalogue.wholeFor(OTHERS)).isFalse();
        assertThat(open().wholeFor(OTHERS)).isFalse();
    }

    @Test
    void afterACompleteListItIsNotAlsoAfterARestart() throws Exception {
        providers.vouched = true;
        assertThat(begun().wholeFor(OTHERS)).isTrue();
        providers.vouched = false;
        assertThat(begun().wholeFor(OTHERS)).isTrue();
    }

    @Test
    void whenEveryProviderHasGivenAllItHasNobodyNeedVouch() throws Exception {
        providers.allGive = true;
        assertThat(begun().wholeFor(OTHERS)).isTrue();
    }

    @Test
    void whatThisNodeMadeItselfIsKnownToItAlsoAfterARestart() throws Exception {
        providers.hold(OTHERS, sealed(OTHERS));
        ReplicatedCatalogue catalogue = begun();
        catalogue.put("namespace/mine", new Entry(new byte[0], 0));
        // A change of what another one made says nothing of what that one made besides.
        catalogue.put(OTHERS, new Entry(new byte[0], 0));
        for (ReplicatedCatalogue each : new ReplicatedCatalogue[] {catalogue, open()}) {
            assertThat(each.wholeFor("namespace/mine")).isTrue();
            assertThat(each.wholeFor(OTHERS)).isFalse();
        }
    }

    @Test
    void anEntryThatSomebodyHasPutInThePlaceOfOneAboutSealingIsNone() throws Exception {
        providers.vouched = true;
        providers.hold("sealing/others", new byte[80]);
        assertThat(begun().wholeFor(OTHERS)).isFalse();
        providers.hold("sealing/others", sealed("sealing/others"));
        assertThat(begun().wholeFor(OTHERS)).isTrue();
    }
}
