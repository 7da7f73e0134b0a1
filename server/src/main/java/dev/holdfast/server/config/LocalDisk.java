package dev.holdfast.server.config;

import java.nio.file.Path;
import java.util.List;

/**
 * The node's own folder and its disk.
 *
 * @param folder where the node keeps what is its own
 * @param reserve the room under which writes are refused, while reads and the admin port go on
 * @param alarm the room under which the node warns
 */
public record LocalDisk(Path folder, Space reserve, Space alarm) {
    static final Setting<Path> FOLDER = new Setting<>(
            "data",
            Type.PATH,
            "./holdfast-data",
            "The data folder. It holds the node's own state and, unless they say otherwise, the providers' records.");
    static final Setting<Space> RESERVE = new Setting<>(
            "disk.reserve",
            Type.SPACE,
            "512MiB",
            "Room kept free on the disk of the data folder: with less left, writes are refused; reads and the admin"
                    + " port go on.");
    static final Setting<Space> ALARM = new Setting<>(
            "disk.alarm",
            Type.SPACE,
            "2GiB",
            "Room on the disk of the data folder below which status, metrics and log warn.");
    static final List<Setting<?>> SETTINGS = List.of(FOLDER, RESERVE, ALARM);

    static LocalDisk from(Values values) {
        return new LocalDisk(values.get(FOLDER), values.get(RESERVE), values.get(ALARM));
    }
}
