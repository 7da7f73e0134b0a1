package dev.holdfast.cli.portability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.cli.http.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of exports: cut anywhere, they are recognised and can be gone on with. */
class FilesTest {
    private static final byte[] HEADER = bytes("{\"holdfast_export\":1,\"values\":true}");
    /** More than a piece of a compressed file. */
    private static final int KEYS = 20_000;

    @TempDir
    Path folder;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] line(int i) {
        return bytes(String.format("{\"key\":\"%06d\",\"version\":\"%016x\",\"value\":\"%s\"}", i, i, "v".repeat(80)));
    }

    private static void write(ExportFile file, int from, int to) throws IOException {
        if (file.blank()) {
            file.line(HEADER);
        }
        for (int i = from; i < to; i++) {
            file.line(line(i));
        }
    }

    private Path whole(String name) throws IOException {
        Path path = folder.resolve(name);
        try (ExportFile file = ExportFile.open(path, false)) {
            write(file, 0, KEYS);
            assertThat(file.end(true)).isTrue();
        }
        return path;
    }

    private static List<String> read(Path path) throws IOException {
        List<String> keys = new ArrayList<>();
        try (ImportFile file = ImportFile.open(path)) {
            for (byte[] line = file.next(); line != null; line = file.next()) {
                keys.add(Line.key(line));
            }
        }
        return keys;
    }

    @ParameterizedTest
    @ValueSource(strings = {"e.jsonl", "e.jsonl.gz"})
    void whatIsWrittenIsReadBack(String name) throws Exception {
        Path path = whole(name);
        assertThat(read(path)).hasSize(KEYS).startsWith("000000").endsWith("019999");
        assertThat(ImportFile.check(path).keys()).isEqualTo(KEYS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"e.jsonl", "e.jsonl.gz"})
    void oneThatIsCutAnywhereIsFoundAndGoneOnWithToTheSame(String name) throws Exception {
        byte[] bytes = Files.readAllBytes(whole(name));
        Path cut = folder.resolve("cut" + name);
        for (double share : new double[] {0, 0.00001, 0.1, 0.5, 0.9, 0.99999}) {
            Files.write(cut, Arrays.copyOf(bytes, (int) (bytes.length * share)));
            if (share > 0.00001) {
                assertThatThrownBy(() -> ImportFile.check(cut))
                        .isInstanceOf(Failure.class)
                        .hasMessageContaining("cut");
            }
            try (ExportFile file = ExportFile.open(cut, true)) {
                assertThat(file.whole()).isFalse();
                int next = file.lastKey().isEmpty() ? 0 : Integer.parseInt(file.lastKey()) + 1;
                assertThat((long) next).isEqualTo(file.keys());
                write(file, next, KEYS);
                file.end(true);
            }
            assertThat(read(cut)).hasSize(KEYS);
            assertThat(ImportFile.check(cut).sha256())
                    .isEqualTo(ImportFile.check(folder.resolve(name)).sha256());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"e.jsonl", "e.jsonl.gz"})
    void aWholeOneIsNotTouchedAgain(String name) throws Exception {
        Path path = whole(name);
        byte[] before = Files.readAllBytes(path);
        assertThatThrownBy(() -> ExportFile.open(path, false)).isInstanceOf(Failure.class);
        try (ExportFile file = ExportFile.open(path, true)) {
            assertThat(file.whole()).isTrue();
        }
        assertThat(Files.readAllBytes(path)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"notes.txt", "notes.gz"})
    void whatIsNoExportIsNotGoneOnWith(String name) throws Exception {
        Path path = Files.writeString(folder.resolve(name), "my notes");
        assertThatThrownBy(() -> ExportFile.open(path, true)).isInstanceOf(Failure.class);
        assertThat(path).hasContent("my notes");
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 1_000, 1_000_000})
    void aChangedByteIsFound(int at) throws Exception {
        Path path = whole("e.jsonl");
        byte[] bytes = Files.readAllBytes(path);
        bytes[at] ^= 1;
        Files.write(path, bytes);
        assertThatThrownBy(() -> ImportFile.check(path)).isInstanceOf(Failure.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n"})
    void linesThatAPersonHasWrittenNeedNoFirstAndNoLast(String between) throws Exception {
        Path path = Files.writeString(
                folder.resolve("mine"),
                "{\"key\":\"a\",\"value\":\"1\"}\n" + between + "{\"key\":\"b\",\"value\":\"2\"}\n");
        assertThat(read(path)).containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"key\":\"a\",\"metadata\":{\"confirmed\":false},\"value\":\"\"}",
                "{\"key\":\"a\",\"value\":\"\\\"confirmed\\\":false\"}",
                "{\"key\":\"a\",\"value\":\"\",\"confirmed\":true}"
            })
    void onlyTheLinesOwnWordMakesItUnconfirmed(String line) {
        assertThat(Line.confirmed(bytes(line))).isTrue();
        assertThat(Line.confirmed(bytes("{\"key\":\"a\",\"value\":\"\",\"confirmed\":false}")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = "{\"holdfast_export\":2}\n")
    void aFileOfAnotherFormatIsRefused(String other) throws Exception {
        Path path = Files.writeString(folder.resolve("other"), other);
        assertThatThrownBy(() -> read(path)).hasMessageContaining("format 2");
    }
}
