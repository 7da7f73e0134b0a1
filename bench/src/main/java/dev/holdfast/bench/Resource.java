package dev.holdfast.bench;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that lies in the archive beside our classes. */
final class Resource {
    private Resource() {}

    static void copy(String name, Path file) throws IOException {
        try (InputStream in = Resource.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new FileNotFoundException(name + " is missing from the archive");
            }
            Files.copy(in, file);
        }
    }
}
