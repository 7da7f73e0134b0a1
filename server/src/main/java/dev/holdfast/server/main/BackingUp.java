package dev.holdfast.server.main;

import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.replication.Nodes;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.backup.Backups;
import dev.holdfast.server.backup.OldVersions;
import dev.holdfast.server.backup.Registered;
import dev.holdfast.server.config.BackupConfig;
import dev.holdfast.server.config.UpstreamConfig;
import dev.holdfast.server.v1.ImportMarks;
import dev.holdfast.server.v1.Restoring;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Makes the backups of an origin from what stands behind its doors. */
final class BackingUp {
    private BackingUp() {}

    /** @return empty for an edge, and when nothing is to be backed up */
    static Optional<Backups> open(
            BackupConfig config, List<UpstreamConfig> upstreams, Backend backend, Time time, Opened opened) {
        Optional<ReplicatedStore> origin = backend.origin();
        Optional<Path> directory = config.directory();
        if (origin.isEmpty() || directory.isEmpty()) {
            return Optional.empty();
        }
        ReplicatedStore store = origin.get();
        Backups.Node node = new Backups.Node(
                backend.admitted(),
                backend.near(),
                backend.changes(),
                backend.namespaces(),
                () -> registered(store.nodes().list()),
                store.clock()::next,
                backend.residency()::here,
                backend.namespaces()::jurisdiction,
                new OldVersions(
                        store.system(),
                        new ImportMarks(store.system(), time),
                        namespace -> upstreams.stream().anyMatch(one -> fills(one, namespace))),
                new Restoring(store.system(), time));
        return Optional.of(opened.add(new Backups(config, directory.get(), node, time)));
    }

    private static Registered registered(Nodes.Listed listed) {
        return new Registered(
                listed.nodes().stream().map(Nodes.View::name).collect(Collectors.toSet()), listed.complete());
    }

    private static boolean fills(UpstreamConfig upstream, Namespace namespace) {
        return !upstream.ended()
                && (upstream.namespace().equals(namespace.title())
                        || upstream.namespace().equals(namespace.id().toString()));
    }
}
