package dev.holdfast.server.main;

import dev.holdfast.engine.admission.AdmissionConfig;
import dev.holdfast.engine.admission.AdmittedStore;
import dev.holdfast.engine.admission.Gates;
import dev.holdfast.engine.kv.Namespace.Policy;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.catalogue.CatalogueNamespaces;
import dev.holdfast.engine.time.Time;

/**
 * The gates of a node, and the store behind them.
 *
 * @param store bounded by them and by what it bears
 */
record Admitting(Gates gates, AdmittedStore store) {

    /** @param store itself */
    static Admitting of(
            Store store,
            AdmissionConfig config,
            CatalogueNamespaces namespaces,
            LocalStore local,
            Time time,
            Opened opened)
            throws StartFailed {
        try {
            Gates gates = Gates.open(time, local);
            return new Admitting(
                    gates,
                    opened.add(AdmittedStore.open(
                            store,
                            time,
                            gates,
                            config,
                            id -> namespaces
                                    .find(id)
                                    .map(namespace -> namespace.policy().tier())
                                    .orElse(Policy.LAST_TIER),
                            local)));
        } catch (LocalStoreFault e) {
            throw new StartFailed("The gates of this node cannot be read: " + e.getMessage() + ".", e);
        }
    }
}
