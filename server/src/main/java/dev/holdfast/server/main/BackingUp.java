package dev.holdfast.server.main;

import dev.holdfast.engine.replication.Nodes;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.backup.Backups;
import dev.holdfast.server.config.BackupConfig;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;

/** Makes the backups of an origin from what stands behind its doors. */
final class BackingUp {
    private BackingUp() {}

    /** @return empty for an edge, and when nothing is to be backed up */
    static Optional<Backups> open(BackupConfig config, Backend backend, Time time, Opened opened) {
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
                () -> store.nodes().list().nodes().stream()
                        .map(Nodes.View::name)
                        .collect(Collectors.toSet()),
                store.clock()::next,
                backend.residency()::here,
                backend.namespaces()::jurisdiction);
        return Optional.of(opened.add(new Backups(config, directory.get(), node, time)));
    }
}
