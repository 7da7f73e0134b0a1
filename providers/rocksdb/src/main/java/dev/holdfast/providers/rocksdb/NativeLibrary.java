package dev.holdfast.providers.rocksdb;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;

/**
 * Loads RocksDB's native part and leaves no file of it behind. RocksDB by itself unpacks its 30 MB into the temporary folder and deletes
 * them when the process ends, which one that is killed does not do: a node that is killed often would fill its disk.
 */
final class NativeLibrary {

    private NativeLibrary() {}

    /** Loads it once; does nothing when that has been done. */
    static synchronized void load() {
        try {
            Path folder = Files.createTempDirectory("holdfast-native-");
            try {
                NativeLibraryLoader.getInstance().loadLibrary(folder.toString());
            } finally {
                // What is loaded stays in memory without its name.
                delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("RocksDB's native library could not be unpacked: " + e.getMessage(), e);
        }
        RocksDB.loadLibrary();
    }

    private static void delete(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
