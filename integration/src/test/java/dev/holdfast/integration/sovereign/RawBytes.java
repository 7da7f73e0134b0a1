package dev.holdfast.integration.sovereign;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Looks for a text in the bytes of files, as somebody does who has the disks and nothing else. */
final class RawBytes {
    private RawBytes() {}

    /** The files below a folder in which the text stands, as paths from there. */
    static Set<Path> with(Path folder, String text) throws IOException {
        Set<Path> found = new TreeSet<>();
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(Files::isRegularFile).forEach(file -> {
                if (holds(file, text)) {
                    found.add(folder.relativize(file));
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return found;
    }

    /** The same by the first folder on the way. */
    static Set<String> places(Path folder, String text) throws IOException {
        Set<String> places = new TreeSet<>();
        with(folder, text).forEach(file -> places.add(file.getName(0).toString()));
        return places;
    }

    private static boolean holds(Path file, String text) {
        try {
            // Byte for byte, so that the text is found among bytes that are none.
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
        } catch (NoSuchFileException compactedMeanwhile) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
