package dev.holdfast.integration.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library against a process that writes in each way, so that what the crash tests lean on is itself tested. */
class UnsyncedTest {
    @TempDir
    private Path directory;

    private Path root;
    private Unsynced unsynced;

    /** What the watched process does, once for each of its arguments; then it dies without closing anything. */
    static final class Writer {
        public static void main(String[] arguments) throws Exception {
            Path root = Path.of(arguments[0]);
            for (int i = 1; i < arguments.length; i++) {
                String[] step = arguments[i].split(":", 3);
                Path file = root.resolve(step[1]);
                switch (step[0]) {
                    case "append" -> change(file, step[2], -1, false);
                    case "overwrite" -> change(file, step[2], 1, false);
                    case "sync" -> change(file, "", -1, true);
                    case "truncate" -> {
                        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                            channel.truncate(Long.parseLong(step[2]));
                        }
                    }
                    case "replace" -> Files.writeString(file, step[2]);
                    case "rename" -> Files.move(file, root.resolve(step[2]));
                    default -> throw new IllegalArgumentException(arguments[i]);
                }
            }
            Runtime.getRuntime().halt(9);
        }

        private static void change(Path file, String text, long at, boolean sync) throws Exception {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                channel.position(at < 0 ? channel.size() : at);
                channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
                if (sync) {
                    channel.force(false);
                }
            }
        }
    }

    @BeforeEach
    void watch() throws Exception {
        root = Files.createDirectory(directory.resolve("data"));
        unsynced = new Unsynced(directory, root);
    }

    private void run(String... steps) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classes = Path.of(Writer.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(
                        Stream.of(
                                java,
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                classes,
                                Writer.class.getName(),
                                root.toString()),
                        Stream.of(steps))
                .toList());
        builder.environment().putAll(unsynced.environment());
        assertThat(builder.inheritIO().start().waitFor()).isEqualTo(9);
    }

    private String content(String file) throws Exception {
        return Files.readString(root.resolve(file));
    }

    @Test
    void whatIsSyncedStaysAndWhatIsNotGoes() throws Exception {
        run(
                "append:log:one ",
                "append:log:two ",
                "sync:log",
                "append:log:three ",
                "append:other:gone",
                "append:log:four");
        assertThat(content("log")).isEqualTo("one two three four");

        Unsynced.Lost lost = unsynced.cutPower(PowerCut.total());

        assertThat(content("log")).isEqualTo("one two ");
        assertThat(content("other")).isEmpty();
        assertThat(lost).isEqualTo(new Unsynced.Lost(2, 3, 14));
    }

    @Test
    void bytesThatWereOverwrittenComeBack() throws Exception {
        run("append:log:abcdef", "sync:log", "overwrite:log:XY", "truncate:log:2", "append:log:Z");
        assertThat(content("log")).isEqualTo("aXZ");

        unsynced.cutPower(PowerCut.total());

        assertThat(content("log")).isEqualTo("abcdef");
    }

    @Test
    void aFileThatWasReplacedOrRenamedIsFoundAgain() throws Exception {
        run("replace:a:first", "sync:a", "replace:a:second", "append:b:lost", "rename:b:c");
        assertThat(content("a")).isEqualTo("second");

        unsynced.cutPower(PowerCut.total());

        assertThat(content("a")).isEqualTo("first");
        assertThat(content("c")).isEmpty();
    }

    @Test
    void aTornCutKeepsABeginningAndAZeroedOneKeepsTheLength() throws Exception {
        run("append:log:kept", "sync:log", "append:log:half", "append:log:gone");
        PowerCut cut = new PowerCut() {
            private long answer;

            @Override
            public Fate next() {
                return Fate.TORN;
            }

            @Override
            public long anyBelow(long bound) {
                return answer++ * 2;
            }
        };

        unsynced.cutPower(cut);
        assertThat(content("log")).isEqualTo("keptha");

        run("append:log:lost");
        unsynced.cutPower(() -> PowerCut.Fate.ZEROED);
        assertThat(content("log")).isEqualTo("keptha\0\0\0\0");
    }
}
