package dev.holdfast.integration.portability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.http.Json;
import dev.holdfast.integration.harness.Awaiting;
import dev.holdfast.integration.harness.CommandLine;
import dev.holdfast.integration.harness.CommandLine.Said;
import dev.holdfast.integration.harness.HoldfastServer;
import dev.holdfast.integration.harness.Profile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Export, wipe, import: equal, versions included; by the command line, as a person does it. {@code -Dlong=true} does so with a million keys and
 * prints the figures in docs/portability.md.
 */
class PortabilityTest {
    private static final int KEYS = Profile.number("keys", 10_000, 1_000_000);
    private static final int BATCH = 1_000;
    private static final int FEW = 10_000;
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final List<String> STRANGE = List.of(
            " ",
            "/",
            "a//b",
            "tr/",
            "../up",
            "%2F",
            "\u0000",
            "\n",
            "\"",
            "\\",
            "\u2028",
            "\ud83c\udf0a",
            "\u00fc".repeat(256),
            "k".repeat(512));

    @TempDir
    private Path directory;

    private HoldfastServer server;
    private CommandLine holdfast;

    @BeforeEach
    void start() throws Exception {
        server = started("first");
        holdfast = CommandLine.of(server);
        server.makeNamespace("from");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HoldfastServer started(String name) throws Exception {
        HoldfastServer made = new HoldfastServer(Files.createDirectories(directory.resolve(name)));
        made.start();
        return made;
    }

    /** Values of about 288 bytes, some of them no text, some with metadata or an expiration; and keys that nobody expects. */
    private void fill(int keys) {
        SplittableRandom random = new SplittableRandom(7);
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < keys; i++) {
            String key = i < STRANGE.size() ? STRANGE.get(i) : String.format("user:%08d:profile", i);
            ObjectNode line = Json.object().put("key", key);
            byte[] bytes = new byte[random.nextInt(1, 430)];
            random.nextBytes(bytes);
            if (i % 10 == 3) {
                line.put("value_base64", Base64.getEncoder().encodeToString(bytes));
            } else {
                line.put("value", Base64.getEncoder().encodeToString(bytes));
            }
            if (i % 3 == 0) {
                line.putObject("metadata")
                        .put("n", i)
                        .put("\u00fc", "\n")
                        .putArray("list")
                        .add(1.5)
                        .add(true);
            } else if (i % 31 == 1) {
                line.put("metadata_text", "{ \"spaced\":\n1.50 }");
            }
            if (i % 7 == 0) {
                line.put("expiration", 4_000_000_000L + i);
            }
            lines.append(Json.MAPPER.writeValueAsString(line)).append('\n');
            if ((i + 1) % BATCH == 0 || i + 1 == keys) {
                send(lines.toString());
                lines.setLength(0);
            }
        }
    }

    private void send(String lines) {
        var body = BodyPublishers.ofString(lines);
        server.store().require(server.store().call("PUT", "/v1/namespaces/from/import", Map.of(), body));
    }

    @Test
    void whatIsExportedWipedAndImportedIsEqualVersionsIncluded() throws Exception {
        long filling = System.nanoTime();
        fill(KEYS);
        say("filled", System.nanoTime() - filling);
        Path file = directory.resolve("from.jsonl.gz");
        JsonNode exported = json(holdfast.works("export", "from", file.toString(), "--json"));
        assertThat(exported.path("keys").asInt()).isEqualTo(KEYS);
        assertThat(exported.path("confirmed").asBoolean()).isTrue();
        System.out.println("exported: " + exported);

        server.close();
        new ProcessBuilder("rm", "-rf", directory.resolve("first").toString())
                .start()
                .waitFor();
        server = started("second");
        holdfast = CommandLine.of(server);
        server.makeNamespace("to");
        JsonNode looked = json(holdfast.works("import", "to", file.toString(), "--dry-run", "--json"));
        assertThat(looked.path("kept").asInt()).isEqualTo(KEYS);
        assertThat(keys("to")).isZero();
        JsonNode imported = json(holdfast.works("import", "to", file.toString(), "--json"));
        assertThat(imported.path("kept").asInt()).isEqualTo(KEYS);
        System.out.println("imported: " + imported);

        Path again = directory.resolve("to.jsonl");
        System.out.println(
                "exported again, not compressed: " + json(holdfast.works("export", "to", again.toString(), "--json")));
        assertEqual(file, again, KEYS);
    }

    @Test
    void intoANamespaceThatIsNotEmptyEveryKeyGetsANewVersion() throws Exception {
        fill(100);
        server.makeNamespace("to");
        holdfast.works("kv", "put", "to", "theirs", "v");
        Path file = directory.resolve("from.jsonl");
        holdfast.works("export", "from", file.toString());
        Said imported = holdfast.works("import", "to", file.toString());
        assertThat(imported.text()).contains("not empty").contains("100 at a new version");
        assertThat(holdfast.works("kv", "get", "to", "theirs").text()).contains("v");
        Said skipped = holdfast.works("import", "to", file.toString(), "--on-conflict", "skip");
        assertThat(skipped.text()).contains("100 left alone");
    }

    @Test
    void aCopyIsEqualVersionsIncluded() throws Exception {
        fill(2_000);
        server.makeNamespace("to");
        assertThat(holdfast.works("copy", "from", "to", "--dry-run").text()).contains("2000 would keep their version");
        assertThat(keys("to")).isZero();
        assertThat(holdfast.works("copy", "from", "to").text()).contains("2000 at the version they had");
        Path from = directory.resolve("from.jsonl");
        Path to = directory.resolve("to.jsonl");
        holdfast.works("export", "from", from.toString());
        holdfast.works("export", "to", to.toString());
        assertEqual(from, to, 2_000);
    }

    @Test
    void aFileThatIsCutOrDamagedIsRefusedBeforeAnythingIsWritten() throws Exception {
        fill(100);
        server.makeNamespace("to");
        Path file = directory.resolve("from.jsonl");
        holdfast.works("export", "from", file.toString());
        byte[] whole = Files.readAllBytes(file);
        Path bad = directory.resolve("bad.jsonl");
        for (int length : List.of(whole.length / 2, whole.length - 1, lastLine(whole))) {
            Files.write(bad, Arrays.copyOf(whole, length));
            Said refused = holdfast.run(List.of("import", "to", bad.toString()));
            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.text()).contains("is cut after");
        }
        byte[] damaged = whole.clone();
        damaged[lastLine(whole) - 5]++;
        Files.write(bad, damaged);
        assertThat(holdfast.run(List.of("import", "to", bad.toString())).text()).contains("is damaged");
        assertThat(keys("to")).isZero();
    }

    @Test
    void anExportThatIsKilledGoesOnWhereItWas() throws Exception {
        fill(FEW);
        Path whole = directory.resolve("whole.jsonl");
        holdfast.works("export", "from", whole.toString());
        for (String name : List.of("cut.jsonl", "cut.jsonl.gz")) {
            Path cut = directory.resolve(name);
            killed(cut, 100_000, "export", "from", cut.toString(), "--rate", "2000");
            assertThat(holdfast.run(List.of("import", "from", cut.toString(), "--dry-run"))
                            .text())
                    .contains("is cut after");
            assertThat(holdfast.run(List.of("export", "from", cut.toString())).exit())
                    .isEqualTo(2);
            JsonNode resumed = json(holdfast.works("export", "from", cut.toString(), "--resume", "--json"));
            assertThat(resumed.path("keys").asInt()).isEqualTo(FEW);
            assertEqual(whole, cut, FEW);
        }
    }

    @Test
    void anImportThatIsKilledGoesOnWhereItWasAndKeepsVersions() throws Exception {
        fill(FEW);
        Path file = directory.resolve("from.jsonl.gz");
        holdfast.works("export", "from", file.toString());
        server.makeNamespace("to");
        Path state = directory.resolve("from.jsonl.gz.import");
        Process importing = holdfast.start("import", "to", file.toString(), "--rate", "2000");
        try {
            Awaiting.until(SOON, "some are imported", () -> lines(state), lines -> lines >= 2_000);
        } finally {
            importing.destroyForcibly().waitFor();
        }
        assertThat(keys("to")).isBetween(1, FEW - 1);
        assertThat(holdfast.run(List.of("import", "to", file.toString())).exit())
                .isEqualTo(2);
        JsonNode resumed = json(holdfast.works("import", "to", file.toString(), "--resume", "--json"));
        assertThat(resumed.path("kept").asInt()).isEqualTo(FEW);
        assertThat(state).doesNotExist();
        Path again = directory.resolve("to.jsonl");
        holdfast.works("export", "to", again.toString());
        assertEqual(file, again, FEW);
    }

    private void killed(Path file, long bytes, String... command) throws Exception {
        Process running = holdfast.start(command);
        try {
            Awaiting.until(SOON, "some is written", () -> size(file), size -> size > bytes);
        } finally {
            running.destroyForcibly().waitFor();
        }
    }

    private static long size(Path file) {
        return file.toFile().length();
    }

    private static long lines(Path state) {
        try {
            return Files.exists(state)
                    ? Json.MAPPER
                            .readTree(Files.readString(state))
                            .path("lines")
                            .asLong()
                    : 0;
        } catch (IOException replaced) {
            return 0;
        }
    }

    private int keys(String namespace) throws Exception {
        return json(holdfast.works("export", namespace, "--dry-run", "--json"))
                .path("keys")
                .asInt();
    }

    private static JsonNode json(Said said) {
        return Json.MAPPER.readTree(said.text().substring(said.text().indexOf('{')));
    }

    private static void say(String what, long nanos) {
        System.out.println(what + ": " + KEYS + " keys in " + nanos / 1_000_000 + " ms");
    }

    private static int lastLine(byte[] file) {
        int at = file.length - 1;
        while (file[at - 1] != '\n') {
            at--;
        }
        return at;
    }

    /** Line by line, but for the first and the last: those say when and of which namespace. */
    private static void assertEqual(Path one, Path other, int keys) throws IOException {
        try (BufferedReader a = reader(one);
                BufferedReader b = reader(other)) {
            assertThat(a.readLine()).startsWith("{\"holdfast_export\":1");
            assertThat(b.readLine()).startsWith("{\"holdfast_export\":1");
            for (int i = 0; i < keys; i++) {
                String line = a.readLine();
                if (line == null || !line.equals(b.readLine())) {
                    throw new AssertionError("line " + (i + 2) + " differs: " + line);
                }
            }
            List<JsonNode> ends =
                    new ArrayList<>(List.of(Json.MAPPER.readTree(a.readLine()), Json.MAPPER.readTree(b.readLine())));
            assertThat(ends).allMatch(end -> end.path("end").path("keys").asInt() == keys);
            assertThat(a.readLine()).isNull();
            assertThat(b.readLine()).isNull();
        }
    }

    private static BufferedReader reader(Path file) throws IOException {
        InputStream in = Files.newInputStream(file);
        boolean zipped = file.toString().endsWith(".gz");
        return new BufferedReader(
                new InputStreamReader(zipped ? new GZIPInputStream(in, 1 << 16) : in, StandardCharsets.UTF_8));
    }
}
