package dev.holdfast.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Whether and how a node backs up.
 *
 * @param directory where backups lie; empty for none
 * @param interval between the beginnings of two full backups; zero for none but on request
 * @param window how far back a restore can go
 * @param namespaces titles or ids of those that are backed up; empty for all
 */
public record BackupConfig(Optional<Path> directory, Duration interval, Duration window, List<String> namespaces) {

    public static final BackupConfig NONE =
            new BackupConfig(Optional.empty(), Duration.ofDays(1), Duration.ofDays(7), List.of());

    static final Setting<Optional<Path>> DIRECTORY = new Setting<>(
            "backup.directory",
            Type.optional(Type.PATH),
            "",
            "Where full backups and the archive of changes lie; best on a disk of its own. A relative path is below"
                    + " the data folder. Without it nothing is backed up. Origins of one store may share it.");
    static final Setting<Duration> INTERVAL = new Setting<>(
            "backup.interval",
            Type.duration(Duration.ZERO, Duration.ofDays(365)),
            "1d",
            "Between the beginnings of two full backups; 0s for none but on request.");
    static final Setting<Duration> WINDOW = new Setting<>(
            "backup.window",
            Type.duration(Duration.ofMinutes(1), Duration.ofDays(3650)),
            "7d",
            "How far back a restore can go: what is older and not needed for it is removed, but never the last good"
                    + " full backup.");
    static final Setting<List<String>> NAMESPACES = new Setting<>(
            "backup.namespaces",
            new Type<>("titles or ids of namespaces, separated by commas", BackupConfig::names),
            "",
            "Which namespaces are backed up; all without it.");
    static final List<Setting<?>> SETTINGS = List.of(DIRECTORY, INTERVAL, WINDOW, NAMESPACES);

    static BackupConfig from(Values values, Path data) {
        return new BackupConfig(
                values.get(DIRECTORY).map(data::resolve),
                values.get(INTERVAL),
                values.get(WINDOW),
                values.get(NAMESPACES));
    }

    private static List<String> names(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }
}
