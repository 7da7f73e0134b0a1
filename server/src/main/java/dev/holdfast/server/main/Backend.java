package dev.holdfast.server.main;

import dev.holdfast.engine.admission.AdmittedStore;
import dev.holdfast.engine.admission.Quotas;
import dev.holdfast.engine.edge.NearStore;
import dev.holdfast.engine.incident.Incidents;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.replication.ChangeLog;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.replication.Residency;
import dev.holdfast.engine.replication.catalogue.CatalogueNamespaces;
import dev.holdfast.engine.replication.catalogue.ReplicatedCatalogue;
import dev.holdfast.engine.replication.sealing.NamespaceSeals;
import dev.holdfast.server.admin.Homes;
import dev.holdfast.server.edge.Origins;
import java.util.Optional;

/**
 * What stands behind the doors of a node.
 *
 * @param near all that clients read and write passes here
 * @param origin the store of this node's own providers; empty for an edge
 * @param origins whom an edge asks; empty for an origin
 * @param admitted what comes to those who are behind the near answers
 * @param incidents what is wrong, as this node notices it
 * @param local the node's own disk
 * @param changes what it tells others of changes
 * @param quotas of its namespaces and accounts
 * @param seals makes and opens ciphertext
 * @param residency where records may lie
 * @param account of namespaces that are found by title
 */
record Backend(
        NearStore near,
        Optional<ReplicatedStore> origin,
        Optional<Origins> origins,
        Homes homes,
        AdmittedStore admitted,
        Incidents incidents,
        LocalStore local,
        ReplicatedCatalogue catalogue,
        CatalogueNamespaces namespaces,
        ChangeLog changes,
        Quotas quotas,
        NamespaceSeals seals,
        Residency residency,
        String account) {}
