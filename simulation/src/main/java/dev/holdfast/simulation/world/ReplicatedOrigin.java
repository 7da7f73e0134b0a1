package dev.holdfast.simulation.world;

import dev.holdfast.engine.admission.AdmissionConfig;
import dev.holdfast.engine.admission.AdmittedStore;
import dev.holdfast.engine.admission.RampConfig;
import dev.holdfast.engine.admission.Standing;
import dev.holdfast.engine.edge.EdgeConfig;
import dev.holdfast.engine.edge.Near;
import dev.holdfast.engine.edge.NearStore;
import dev.holdfast.engine.edge.OwnCoverage;
import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.replication.ChangeLog;
import dev.holdfast.engine.replication.ProviderState;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.replication.ReplicationConfig;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.time.Time;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The store that ships, unmodified, with its near cache in memory and its admission before it. */
public final class ReplicatedOrigin implements Origin {
    private final List<NamespaceId> namespaces;

    /** As it comes, with the one namespace of the world. */
    public static Variant asShipped() {
        return Variant.of(new ReplicatedOrigin(List.of(World.NAMESPACE)));
    }

    public ReplicatedOrigin(List<NamespaceId> namespaces) {
        this.namespaces = namespaces;
    }

    @Override
    public Running start(Time time, String node, ReplicationConfig config, List<Provider> providers, LocalStore disk)
            throws LocalStore.LocalStoreFault {
        try {
            ReplicatedStore store = ReplicatedStore.open(config, time, disk, node, providers);
            store.start(() -> namespaces);
            EdgeConfig cache = EdgeConfig.DEFAULT;
            Near near = Near.simulated(time, cache, null);
            AdmittedStore admitted = AdmittedStore.open(
                    store,
                    time,
                    AdmissionConfig.DEFAULT,
                    RampConfig.DEFAULT,
                    _ -> new Standing("", Namespace.Policy.DEFAULT.tier()),
                    disk);
            return new Serving(store, new NearStore(admitted, time, cache, new OwnCoverage(store), near));
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a start", e);
        }
    }

    /**
     * Reads the hint log's own form: {@code k}, provider, 0, namespace, key, with the record as the value. Written apart from the
     * engine's, so that a mistake there is not repeated here.
     */
    @Override
    public @Nullable Version hinted(List<LocalStore.Entry> hints, NamespaceId namespace, Key key) {
        Version newest = null;
        byte[] wanted = ByteBuffer.allocate(NamespaceId.BYTES + key.bytes().length)
                .putLong(namespace.high())
                .putLong(namespace.low())
                .put(key.bytes())
                .array();
        for (LocalStore.Entry hint : hints) {
            if (hint.key()[0] != 'k') {
                continue;
            }
            int name = 1;
            while (hint.key()[name] != 0) {
                name++;
            }
            if (!Arrays.equals(hint.key(), name + 1, hint.key().length, wanted, 0, wanted.length)) {
                continue;
            }
            try {
                Version version =
                        RecordFormat.decode(namespace, key, hint.value()).version();
                newest = newest == null ? version : Version.newest(newest, version);
            } catch (DamagedRecord e) {
                throw new IllegalStateException("a damaged hint on a disk that damages nothing", e);
            }
        }
        return newest;
    }

    private static final class Serving implements Running {
        private final ReplicatedStore store;
        private final NearStore near;
        private long due;

        Serving(ReplicatedStore store, NearStore near) {
            this.store = store;
            this.near = near;
        }

        @Override
        public Store store() {
            return near;
        }

        @Override
        public NearStore near() {
            return near;
        }

        @Override
        public ChangeLog changes() {
            return store.changes();
        }

        @Override
        public void compare() {
            due = store.compareNow();
        }

        @Override
        public boolean settled() {
            ReplicatedStore.Comparing comparing = store.comparing();
            return !comparing.running()
                    && comparing.completed() >= due
                    && store.status().hints().depth() == 0
                    && store.status().providers().stream()
                            .allMatch(provider -> provider.state() == ProviderState.CURRENT);
        }

        @Override
        public boolean canLoseOne() {
            return store.status().canLoseOne();
        }

        @Override
        public String state() {
            return store.status() + ", " + store.comparing() + ", passes due " + due;
        }
    }
}
