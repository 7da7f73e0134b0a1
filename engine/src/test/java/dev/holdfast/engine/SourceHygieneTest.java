package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every main source of the project keeps to. */
class SourceHygieneTest {
    private static final int MOST_LINES = 500;
    private static final Pattern VAGUE_NAME = Pattern.compile(".*(Utils?|Manager|Helper|Impl)\\.java");
    private static final Pattern UNFINISHED = Pattern.compile("\\b(TODO|FIXME)\\b");

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final List<Path> SOURCES = sources();

    @Test
    void sourcesAreFound() {
        assertThat(SOURCES).anyMatch(file -> file.startsWith(ROOT.resolve("engine")));
    }

    @Test
    void filesAreShort() {
        assertThat(sourcesWhere(file -> text(file).lines().count() > MOST_LINES))
                .as("files over %d lines, where a second class may be hiding", MOST_LINES)
                .isEmpty();
    }

    @Test
    void namesSayWhatAClassDoes() {
        assertThat(sourcesWhere(file ->
                        VAGUE_NAME.matcher(file.getFileName().toString()).matches()))
                .as("names that fit any class")
                .isEmpty();
    }

    @Test
    void nothingIsLeftForLater() {
        assertThat(sourcesWhere(file -> UNFINISHED.matcher(text(file)).find()))
                .as("unfinished")
                .isEmpty();
    }

    @Test
    void thereAreNoTabs() {
        assertThat(sourcesWhere(file -> text(file).contains("\t"))).as("tabs").isEmpty();
    }

    private static List<Path> sourcesWhere(Predicate<Path> offends) {
        return SOURCES.stream().filter(offends).map(ROOT::relativize).toList();
    }

    private static List<Path> sources() {
        try (Stream<Path> modules = Stream.concat(Files.list(ROOT), Files.list(ROOT.resolve("providers")))) {
            return modules.map(module -> module.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .flatMap(SourceHygieneTest::javaFiles)
                    .sorted()
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Stream<Path> javaFiles(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
