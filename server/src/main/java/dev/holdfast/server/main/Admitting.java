package dev.holdfast.server.main;

import dev.holdfast.engine.admission.AdmissionConfig;
import dev.holdfast.engine.admission.AdmittedStore;
import dev.holdfast.engine.admission.RampConfig;
import dev.holdfast.engine.admission.Standing;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.catalogue.CatalogueNamespaces;
import dev.holdfast.engine.time.Time;

/** Opens what bounds a store, with each namespace's tenant and tier from the catalogue. */
final class Admitting {
    private Admitting() {}

    static AdmittedStore open(
            Store store,
            AdmissionConfig config,
            RampConfig bounds,
            CatalogueNamespaces namespaces,
            LocalStore local,
            Time time,
            Opened opened)
            throws StartFailed {
        try {
            return opened.add(AdmittedStore.open(
                    store,
                    time,
                    config,
                    bounds,
                    id -> namespaces.find(id).map(Standing::of).orElse(Standing.UNKNOWN),
                    local));
        } catch (LocalStoreFault e) {
            throw new StartFailed("The gates and the ramp of this node cannot be read: " + e.getMessage() + ".", e);
        }
    }
}
