package dev.holdfast.server.main;

import dev.holdfast.engine.edge.NearStore;
import dev.holdfast.engine.replication.ChangeLog;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.replication.catalogue.ReplicatedCatalogue;
import dev.holdfast.server.admin.Node.Home;
import dev.holdfast.server.edge.Origins;
import java.util.List;
import java.util.Optional;

/**
 * What stands behind the doors of a node.
 *
 * @param near all that clients read and write passes here
 * @param origin the store of this node's own providers; empty for an edge
 * @param origins whom an edge asks; empty for an origin
 * @param changes what it tells others of changes
 * @param account of namespaces that are found by title
 */
record Backend(
        NearStore near,
        Optional<ReplicatedStore> origin,
        Optional<Origins> origins,
        List<Home> homes,
        ReplicatedCatalogue catalogue,
        ChangeLog changes,
        String account) {}
