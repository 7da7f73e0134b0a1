package dev.holdfast.integration.scrub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.http.Reply;
import dev.holdfast.integration.harness.Checks;
import dev.holdfast.integration.harness.CommandLine;
import dev.holdfast.integration.harness.HoldfastServer;
import dev.holdfast.integration.harness.Providers;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One byte of a value is altered in the files of a running database, as a disk that rots does. */
class ScrubTest {
    private static final Duration WHOLE_WITHIN = Duration.ofSeconds(60);
    private static final int KEYS = 50;
    /** So large that RocksDB keeps it in a file for values. */
    private static final int VALUE_BYTES = 64 << 10;

    @TempDir
    private Path directory;

    private HoldfastServer server;
    private CommandLine holdfast;
    private String namespace;

    @BeforeEach
    void fill() throws Exception {
        server = new HoldfastServer(directory);
        server.start();
        namespace = server.makeNamespace("scrub");
        for (int i = 0; i < KEYS; i++) {
            Reply put = server.store()
                    .call(
                            "PUT",
                            "/v1/namespaces/" + namespace + "/values/k" + i,
                            Map.of(),
                            BodyPublishers.ofByteArray(value(i)));
            assertThat(put.ok()).isTrue();
        }
        // What was only in the log is in tables and files for values once the log has been read again.
        server.stop();
        server.start();
        holdfast = CommandLine.of(server);
        new Providers(server.control()).awaitWhole(WHOLE_WITHIN);
        holdfast.works("compare");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static byte[] value(int number) {
        return (marker(number) + "x".repeat(VALUE_BYTES)).getBytes(StandardCharsets.US_ASCII);
    }

    private static String marker(int number) {
        return "value-" + number + "-of-the-scrub-test;";
    }

    @Test
    void valueThatHasRottedOnDiskIsFoundAndRepairedByHoldfastScrub() throws Exception {
        assertThat(holdfast.works("scrub").text()).contains("none damaged");
        alter("b", 7);
        assertThat(holdfast.works("scrub").text()).contains("1 damaged, 1 repaired.");
        assertThat(holdfast.works("scrub").text()).contains("none damaged");
        assertThat(holdfast.works("status").text()).contains("YES");
        Checks.endsEqual(server, namespace, WHOLE_WITHIN);
    }

    @Test
    void valueThatHasRottedAtBothIsToldOfAndTheOthersAreServed() throws Exception {
        alter("a", 7);
        alter("b", 7);
        CommandLine.Said said = holdfast.run(List.of("scrub"));
        assertThat(said.exit()).as(said.text()).isEqualTo(1);
        assertThat(said.text()).contains("damaged");
        Reply other = server.store().get("/v1/namespaces/" + namespace + "/values/k8");
        assertThat(other.ok()).isTrue();
    }

    private void alter(String provider, int number) throws IOException {
        byte[] wanted = marker(number).getBytes(StandardCharsets.US_ASCII);
        int altered = 0;
        try (Stream<Path> files = Files.list(server.data().resolve(provider))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".blob")).toList()) {
                String content = Files.readString(file, StandardCharsets.ISO_8859_1);
                int at = content.indexOf(new String(wanted, StandardCharsets.US_ASCII));
                if (at >= 0) {
                    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
                        bytes.seek(at + 100L);
                        bytes.write('y');
                    }
                    altered++;
                }
            }
        }
        assertThat(altered)
                .as("copies of the value in the files of " + provider)
                .isPositive();
    }
}
