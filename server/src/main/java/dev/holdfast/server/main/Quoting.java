package dev.holdfast.server.main;

import dev.holdfast.engine.admission.AccountQuotas;
import dev.holdfast.engine.admission.CountedStore;
import dev.holdfast.engine.admission.Quotas;
import dev.holdfast.engine.admission.StoredUse;
import dev.holdfast.engine.admission.StoredUse.Stored;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.catalogue.Catalogue;
import dev.holdfast.engine.replication.catalogue.CatalogueNamespaces;
import dev.holdfast.engine.time.Time;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Opens the quotas of a node.
 *
 * @param store tells of what is written to it
 */
record Quoting(Store store, Quotas quotas) {

    /** Of an origin, which counts what is stored. */
    static Quoting open(
            ReplicatedStore store, Catalogue catalogue, CatalogueNamespaces namespaces, Time time, Opened opened) {
        AtomicReference<@Nullable StoredUse> stored = new AtomicReference<>();
        Quotas quotas = opened.add(new Quotas(
                time,
                id -> of(stored.get(), id),
                new AccountQuotas(catalogue)::all,
                account -> namespaces.list(account, false),
                store.nodes()::registered));
        StoredUse counted = opened.add(new StoredUse(store, time, () -> bounded(namespaces, quotas), quotas::pressed));
        stored.set(counted);
        return new Quoting(new CountedStore(store, counted), quotas);
    }

    private static Stored of(@Nullable StoredUse stored, NamespaceId id) {
        return stored == null ? Stored.UNKNOWN : stored.of(id);
    }

    private static List<Namespace> bounded(CatalogueNamespaces namespaces, Quotas quotas) {
        return namespaces.ids().stream()
                .map(namespaces::find)
                .flatMap(Optional::stream)
                .filter(quotas::bounded)
                .toList();
    }

    /** Of an edge: it counts the requests it is asked, and leaves what is stored to its origins. */
    static Quotas ofEdge(Catalogue catalogue, CatalogueNamespaces namespaces, Time time, Opened opened) {
        return opened.add(new Quotas(
                time,
                id -> Stored.UNKNOWN,
                new AccountQuotas(catalogue)::all,
                account -> namespaces.list(account, false),
                () -> 1));
    }
}
