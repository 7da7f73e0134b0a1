package dev.holdfast.integration.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.http.Reply;
import dev.holdfast.client.transport.EventStream;
import dev.holdfast.integration.harness.Awaiting;
import dev.holdfast.integration.harness.CommandLine;
import dev.holdfast.integration.harness.CommandLine.Said;
import dev.holdfast.integration.harness.HoldfastServer;
import dev.holdfast.integration.harness.Profile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * What somebody has deleted by mistake comes back as it was at a moment, by the command line, as a person does it; through kills of server and
 * restore, and held against a model. {@code -Dlong=true} does so with a million keys and prints the figures in docs/backups.md.
 */
class BackupsTest {
    private static final int KEYS = Profile.number("keys", 3_000, 1_000_000);
    private static final Duration SOON = Duration.ofSeconds(Profile.number("soon", 90, 600));
    private static final Duration LONG = Duration.ofMinutes(120);

    @TempDir
    private Path directory;

    private Path kept;
    private HoldfastServer server;
    private CommandLine holdfast;
    private Model model;

    @BeforeEach
    void start() throws Exception {
        kept = directory.resolve("kept");
        server = new HoldfastServer(Files.createDirectories(directory.resolve("node")))
                .with(Map.of(
                        "HOLDFAST_BACKUP_DIRECTORY", kept.toString(), "HOLDFAST_REPLICATION_FEED_ENTRIES", "2000000"));
        server.start();
        holdfast = CommandLine.of(server);
        server.makeNamespace("room");
        model = new Model(server, "room");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static List<String> keys(String prefix, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> String.format("%s:%08d", prefix, i))
                .toList();
    }

    /** A moment after all that was written, and before all that will be. */
    private static Instant moment() throws InterruptedException {
        Thread.sleep(5);
        Instant now = Instant.ofEpochMilli(System.currentTimeMillis());
        Thread.sleep(5);
        return now;
    }

    @Test
    void aBadBulkDeleteIsUndoneWithAndWithoutAPrefixThoughTheServerWasKilled() throws Exception {
        timed("filled", () -> model.write(keys("user", 0, KEYS)));
        model.write(keys("other", 0, KEYS / 10));
        awaitFull();
        timed("backed up", () -> ended("backup", () -> control("POST", "/v1/backups")));
        model.write(keys("user", KEYS / 2, KEYS / 2 + KEYS / 10));
        model.write(keys("user", KEYS, KEYS + KEYS / 20));
        model.delete(keys("user", 0, Math.min(200, KEYS / 20)));
        model.write("soon", "gone before the restore", System.currentTimeMillis() / 1_000 + 4);
        Map<String, String> then = model.state();
        Instant to = moment();
        server.kill();
        server.start();
        // What is larger than the feed carries is asked for, and would be missed if it were deleted first.
        Awaiting.until(LONG, "it is archived", this::through, through -> through > to.toEpochMilli());

        model.deleteAll("user");
        model.write(keys("other", 0, KEYS / 20));
        model.write(keys("made", 0, 50));
        model.write("user:00000300", "written after the bad delete", 0);
        Map<String, String> broken = model.state();
        Awaiting.until(SOON, "it has expired", System::currentTimeMillis, now -> now > to.toEpochMilli() + 6_000);
        broken.remove("soon");
        then.remove("soon");
        assertThat(present()).isEqualTo(broken);

        JsonNode dry = restored("--to", to.toString(), "--dry-run");
        assertThat(present()).isEqualTo(broken);
        assertCounts(dry, then, broken);
        assertThat(dry.at("/keys/expired_since").asInt()).isEqualTo(1);

        JsonNode users = restored("--prefix", "user:", "--to", to.toString());
        assertThat(users.path("resumed").asBoolean()).isFalse();
        Map<String, String> half = new TreeMap<>(broken);
        half.keySet().removeIf(key -> key.startsWith("user:"));
        then.forEach((key, content) -> {
            if (key.startsWith("user:")) {
                half.put(key, content);
            }
        });
        assertThat(present()).isEqualTo(half);

        assertCounts(restored("--to", to.toString()), then, half);
        assertThat(present()).isEqualTo(then);
        assertThat(restored("--to", to.toString()).at("/keys/equal").asInt()).isEqualTo(then.size());
    }

    @Test
    void aRestoreThatIsKilledGoesOnAndLeavesWhatWasWrittenMeanwhile() throws Exception {
        model.write(keys("user", 0, KEYS));
        Map<String, String> then = model.state();
        awaitFull();
        ended("backup", () -> control("POST", "/v1/backups"));
        Instant to = moment();
        model.deleteAll("user");
        String wish = "{\"namespace\":\"room\",\"to\":\"" + to + "\"}";
        JsonNode asked = Json.MAPPER.readTree(wish);
        server.control().require(server.control().send("POST", "/v1/restore", asked));
        Awaiting.until(
                SOON, "some are back", () -> jobs().at("/restore/keys/put_back").asInt(0), back -> back > 100);
        server.kill();
        server.start();
        int back = present().size();
        assertThat(back).isBetween(100, KEYS - 1);

        String last = String.format("user:%08d", KEYS - 1);
        model.write(last, "mine", 0);
        JsonNode resumed = restored("--to", to.toString());
        assertThat(resumed.path("resumed").asBoolean()).isTrue();
        assertThat(resumed.at("/keys/written_meanwhile").asInt()).isEqualTo(1);
        assertThat(resumed.at("/samples/written_meanwhile/0").asString()).isEqualTo(last);
        then.put(last, model.state().get(last));
        assertThat(present()).isEqualTo(then);
    }

    @Test
    void aNamespaceThatIsNewerThanTheLastFullBackupIsRestoredToo() throws Exception {
        awaitFull();
        server.makeNamespace("late");
        Instant empty = moment();
        Model late = new Model(server, "late");
        late.write(keys("user", 0, 300));
        Map<String, String> then = late.state();
        Instant to = moment();
        Awaiting.until(SOON, "it is archived", this::through, through -> through > to.toEpochMilli());
        late.deleteAll("user");
        restoredOf("late", "--to", to.toString(), "--into", "room");
        assertThat(present()).isEqualTo(then);
        assertThat(present("late")).isEmpty();
        Said refused = holdfast.run(command("late", "--to", to.minusMillis(1).toString(), "--into", "room"));
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.text()).contains("has such keys already");
        restoredOf("late", "--to", to.toString());
        assertThat(present("late")).isEqualTo(then);
        restoredOf("late", "--to", empty.toString());
        assertThat(present("late")).isEmpty();
    }

    @Test
    void aRestoreGoesOnThoughAProviderIsDead() throws Exception {
        awaitFull();
        model.write(keys("user", 0, 300));
        Map<String, String> then = model.state();
        Instant to = moment();
        Awaiting.until(SOON, "it is archived", this::through, through -> through > to.toEpochMilli());
        model.deleteAll("user");
        server.control()
                .require(server.control()
                        .send("PUT", "/v1/providers/b/fault", Json.object().put("mode", "error")));
        restored("--to", to.toString());
        server.control().require(server.control().delete("/v1/providers/b/fault"));
        assertThat(present()).isEqualTo(then);
    }

    @Test
    void whatIsNotArchivedIsSaidAndWritesNeverWaitForIt() throws Exception {
        server.close();
        server = new HoldfastServer(Files.createDirectories(directory.resolve("second")))
                .with(Map.of(
                        "HOLDFAST_BACKUP_DIRECTORY", kept.toString(), "HOLDFAST_REPLICATION_FEED_ENTRIES", "1000"));
        server.start();
        holdfast = CommandLine.of(server);
        server.makeNamespace("room");
        model = new Model(server, "room");
        model.write(keys("user", 0, 200));
        awaitFull();
        ended("backup", () -> control("POST", "/v1/backups"));
        model.write("last", "archived", 0);
        Reply last = server.store()
                .call("PUT", "/v1/namespaces/room/values/last", Map.of(), BodyPublishers.ofString("archived"));
        String session = last.header("holdfast-session").orElseThrow();
        Instant before = moment();
        Map<String, String> then = model.state();
        Awaiting.until(SOON, "it is archived", this::through, through -> through > before.toEpochMilli());
        Path away = directory.resolve("away");
        Files.move(kept, away);
        model.write(keys("user", 0, 200));
        Awaiting.until(SOON, "it is noticed", this::metrics, text -> text.contains("holdfast_backup_failing 1"));
        Awaiting.until(
                SOON,
                "there is an incident",
                () -> control("GET", "/v1/incidents").toString(),
                text -> text.contains("\"kind\":\"backup\""));
        for (int i = 0; i < 15; i++) {
            model.write(keys("user", 0, 500));
        }
        Instant lost = moment();
        Awaiting.until(SOON, "the feed forgets", () -> forgotten(session), gone -> gone);
        Files.move(away, kept);
        Awaiting.until(
                SOON, "the gap is known", this::metrics, text -> text.contains("holdfast_backup_archive_gaps_total 1"));
        JsonNode full = Awaiting.until(
                SOON,
                "a full backup follows",
                () -> control("GET", "/v1/backups").path("backups"),
                all -> all.size() > 1
                        && all.get(all.size() - 1).path("began_at").asLong() > lost.toEpochMilli());
        assertThat(full.size()).isGreaterThan(1);

        Said refused = restore("--to", lost.toString());
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.text()).contains("may lack what was written from").contains("Nothing was written");
        Said gaps = restore("--to", lost.toString(), "--accept-gaps", "--dry-run");
        assertThat(gaps.exit()).isEqualTo(1);
        assertThat(gaps.text()).contains("It is not certain");
        restored("--to", before.toString());
        assertThat(present()).isEqualTo(then);
    }

    /** Whether the feed's log no longer has what came right after a write. */
    private boolean forgotten(String session) {
        Api.Opened opened = server.store().open("/v1/feed?since=" + session, Map.of());
        try (EventStream events = opened.events()) {
            return events != null && "gap".equals(events.next().kind());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Test
    void aDamagedFileIsFoundAndTheFilesAreReadWithStandardToolsAndPrivate() throws Exception {
        model.write(keys("user", 0, 300));
        awaitFull();
        ended("backup", () -> control("POST", "/v1/backups"));
        model.write(keys("user", 0, 50));
        Instant to = moment();
        Awaiting.until(SOON, "it is archived", this::through, through -> through > to.toEpochMilli());
        restored("--to", to.toString(), "--dry-run");
        assertThat(holdfast.works("backup", "verify").text()).contains("Read ");
        List<Path> files;
        try (Stream<Path> all = Files.walk(kept)) {
            files = all.toList();
        }
        for (Path each : files) {
            String rights = PosixFilePermissions.toString(Files.getPosixFilePermissions(each));
            assertThat(rights).as(each.toString()).isEqualTo(Files.isDirectory(each) ? "rwx------" : "rw-------");
        }
        Path full = files.stream()
                .filter(each -> each.endsWith("SHA256SUMS"))
                .max(Path::compareTo)
                .orElseThrow()
                .getParent();
        shell(full, "sha256sum -c SHA256SUMS");
        assertThat(shell(full, "zcat *.jsonl.gz | grep -c '^{\"key\"'").strip()).isEqualTo("300");
        String archive = shell(kept, "zcat archive/*/*.jsonl.gz 2>/dev/null");
        assertThat(archive)
                .startsWith("{\"holdfast_archive\":1")
                .contains("{\"mark\":")
                .contains("\"key\":\"user:00000049\"");

        List<Path> exports = files.stream()
                .filter(each -> each.startsWith(full) && each.toString().endsWith(".gz"))
                .toList();
        try (RandomAccessFile file = new RandomAccessFile(exports.getFirst().toFile(), "rw")) {
            file.seek(file.length() / 2);
            int was = file.read();
            file.seek(file.length() / 2);
            file.write(was ^ 1);
        }
        Said damaged = holdfast.run(List.of("backup", "verify"));
        assertThat(damaged.exit()).isEqualTo(1);
        assertThat(damaged.text()).contains("its checksum is not the one in the manifest");
    }

    /** The one that the server makes by itself. */
    private void awaitFull() throws Exception {
        Awaiting.until(
                LONG,
                "no backup is under way",
                this::jobs,
                jobs -> jobs.has("backup") && !jobs.at("/backup/running").asBoolean());
    }

    private JsonNode ended(String kind, Runnable begin) throws InterruptedException {
        begin.run();
        return Awaiting.until(
                        LONG,
                        kind + " has ended",
                        this::jobs,
                        jobs -> !jobs.at("/" + kind + "/running").asBoolean())
                .path(kind);
    }

    private JsonNode jobs() {
        return control("GET", "/v1/backups/jobs");
    }

    private JsonNode control(String method, String path) {
        return server.control()
                .require(
                        method.equals("GET")
                                ? server.control().get(path)
                                : server.control().send(method, path, Json.object()))
                .json();
    }

    private String metrics() {
        return new String(server.control().get("/metrics").body(), StandardCharsets.UTF_8);
    }

    private long through() {
        return control("GET", "/v1/backups").at("/archive/through_at").asLong();
    }

    private static List<String> command(String namespace, String... more) {
        List<String> command = new ArrayList<>(List.of("restore", "--namespace", namespace, "--yes"));
        command.addAll(Arrays.asList(more));
        return command;
    }

    private Said restore(String... more) throws Exception {
        return holdfast.run(command("room", more));
    }

    private JsonNode restored(String... more) throws Exception {
        return restoredOf("room", more);
    }

    private JsonNode restoredOf(String namespace, String... more) throws Exception {
        List<String> command = command(namespace, more);
        command.add("--json");
        long begin = System.nanoTime();
        Said said = holdfast.run(command);
        assertThat(said.exit()).as(said.text()).isZero();
        System.out.println(String.join(" ", command) + ": " + (System.nanoTime() - begin) / 1_000_000 + " ms");
        return Json.MAPPER.readTree(said.text().substring(said.text().indexOf('{')));
    }

    private Map<String, String> present() throws Exception {
        return present("room");
    }

    private Map<String, String> present(String namespace) throws Exception {
        Path file = Files.createTempFile(directory, "present", ".jsonl");
        Files.delete(file);
        Awaiting.until(
                SOON,
                "all of it is confirmed, though a provider is given up for a moment after so many writes",
                () -> exported(namespace, file),
                said -> said.exit() == 0);
        Map<String, String> present = new TreeMap<>();
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode json = Json.MAPPER.readTree(line);
                if (json.has("key")) {
                    present.put(json.path("key").asString(), Model.content(json));
                }
            }
        }
        Files.delete(file);
        return present;
    }

    private Said exported(String namespace, Path file) {
        try {
            Files.deleteIfExists(file);
            return holdfast.run(List.of("export", namespace, file.toString()));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void assertCounts(JsonNode result, Map<String, String> then, Map<String, String> now) {
        JsonNode counts = result.path("keys");
        Map<Boolean, Long> both = then.keySet().stream()
                .filter(now::containsKey)
                .collect(Collectors.partitioningBy(key -> then.get(key).equals(now.get(key)), Collectors.counting()));
        assertThat(counts.path("equal").asLong()).as(counts.toString()).isEqualTo(both.get(true));
        assertThat(counts.path("changed_back").asLong()).as(counts.toString()).isEqualTo(both.get(false));
        assertThat(counts.path("put_back").asLong())
                .as(counts.toString())
                .isEqualTo(then.keySet().stream()
                        .filter(key -> !now.containsKey(key))
                        .count());
        assertThat(counts.path("deleted").asLong())
                .as(counts.toString())
                .isEqualTo(now.keySet().stream()
                        .filter(key -> !then.containsKey(key))
                        .count());
        for (String none : List.of("written_meanwhile", "not_in_archive", "failed")) {
            assertThat(counts.path(none).asLong()).as(result.toString()).isZero();
        }
    }

    private static String shell(Path in, String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", command)
                .directory(in.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(command + ": " + said).isZero();
        return said;
    }

    /** What takes time. */
    private interface Step {
        void take() throws Exception;
    }

    private static void timed(String what, Step step) throws Exception {
        long begin = System.nanoTime();
        step.take();
        System.out.println(what + ": " + KEYS + " keys in " + (System.nanoTime() - begin) / 1_000_000 + " ms");
    }
}
