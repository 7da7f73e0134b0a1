package dev.holdfast.providers.rocksdb;

import dev.holdfast.engine.provider.FailureDomain;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.TreeSet;

/** The disk under a directory, which need not exist yet. */
record Disk(Path directory) {
    private static final Path BLOCK_DEVICES = Path.of("/sys/class/block");

    /** Room left in bytes; {@link Long#MAX_VALUE} when it cannot be told. */
    long freeBytes() {
        // Not by way of FileStore, which reads the table of mounts to find itself.
        long free = directory.toFile().getUsableSpace();
        return free == 0 && !Files.exists(directory) ? Long.MAX_VALUE : free;
    }

    /**
     * What is lost when this disk is. Partitions and logical volumes are traced back to the disks beneath, where the system
     * tells, so that two of them on one disk do not count as two.
     */
    FailureDomain failureDomain(String region) {
        return new FailureDomain("local", region, device());
    }

    private String device() {
        String name;
        try {
            name = Files.getFileStore(existing()).name();
        } catch (IOException e) {
            return "unknown";
        }
        if (!name.startsWith("/dev/")) {
            return name;
        }
        try {
            TreeSet<String> disks = new TreeSet<>();
            addDisks(Path.of(name).toRealPath().getFileName().toString(), disks);
            return String.join("+", disks);
        } catch (IOException e) {
            return name;
        }
    }

    private static void addDisks(String block, TreeSet<String> disks) throws IOException {
        Path device = BLOCK_DEVICES.resolve(block);
        if (!Files.exists(device)) {
            disks.add(block);
            return;
        }
        device = device.toRealPath();
        if (Files.exists(device.resolve("partition"))) {
            addDisks(Objects.requireNonNull(device.getParent()).getFileName().toString(), disks);
            return;
        }
        boolean whole = true;
        Path beneath = device.resolve("slaves");
        if (Files.isDirectory(beneath)) {
            try (DirectoryStream<Path> parts = Files.newDirectoryStream(beneath)) {
                for (Path part : parts) {
                    whole = false;
                    addDisks(part.getFileName().toString(), disks);
                }
            }
        }
        if (whole) {
            disks.add(block);
        }
    }

    private Path existing() {
        Path path = directory.toAbsolutePath();
        while (!Files.exists(path) && path.getParent() != null) {
            path = path.getParent();
        }
        return path;
    }
}
