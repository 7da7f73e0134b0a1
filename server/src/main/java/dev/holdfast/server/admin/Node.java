package dev.holdfast.server.admin;

import dev.holdfast.engine.admission.AdmittedStore;
import dev.holdfast.engine.admission.Quotas;
import dev.holdfast.engine.edge.NearStore;
import dev.holdfast.engine.incident.Incidents;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.replication.Residency;
import dev.holdfast.engine.replication.sealing.NamespaceSeals;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.webhook.Webhooks;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What the admin port knows of the node it belongs to.
 *
 * @param name as other nodes know it
 * @param homes its providers
 * @param drills whether providers may be made to fail
 * @param serving whether the data port takes requests
 * @param startedAt milliseconds since the Unix epoch
 */
public record Node(
        String name,
        Optional<ReplicatedStore> origin,
        NearStore near,
        AdmittedStore admitted,
        Quotas quotas,
        NamespaceSeals seals,
        Residency residency,
        Incidents incidents,
        Webhooks webhooks,
        Homes homes,
        boolean drills,
        BooleanSupplier serving,
        String version,
        long startedAt,
        String account) {

    /** The store of this node's own providers. */
    ReplicatedStore requireOrigin() throws ApiError {
        return origin.orElseThrow(() -> new ApiError(
                404, "not-an-origin", "This node is an edge and has no providers; ask an origin's admin port."));
    }

    Optional<Homes.Home> home(String name) {
        return homes.all().stream().filter(home -> home.name().equals(name)).findFirst();
    }
}
