package dev.holdfast.integration.workerskv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.http.Json;
import dev.holdfast.integration.harness.Awaiting;
import dev.holdfast.integration.harness.CommandLine;
import dev.holdfast.integration.harness.CommandLine.Said;
import dev.holdfast.integration.harness.HoldfastServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code holdfast workers-kv import}, as a person runs it, from another Holdfast's REST door. */
class ImportTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int VALUE_BYTES = 25 << 20;
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
            "\uffee",
            "+",
            "?x=y&z",
            "#",
            "k".repeat(512),
            "\u00fc".repeat(256));

    @TempDir
    private Path directory;

    private HoldfastServer there;
    private HoldfastServer here;
    private Account account;
    private FaultyApi api;
    private CommandLine holdfast;

    @BeforeEach
    void start() throws Exception {
        there = new HoldfastServer(Files.createDirectories(directory.resolve("there")));
        there.start();
        here = new HoldfastServer(Files.createDirectories(directory.resolve("here")));
        here.start();
        account = new Account(there, "settings");
        api = new FaultyApi(there.store().base());
        holdfast = new CommandLine(Map.of(
                "HOLDFAST_URL", here.store().base().toString(),
                "HOLDFAST_ADMIN", here.control().base().toString(),
                "HOLDFAST_TOKEN", here.secret(),
                "CLOUDFLARE_API_TOKEN", there.secret(),
                "CLOUDFLARE_ACCOUNT_ID", account.id()));
    }

    @AfterEach
    void stop() {
        api.close();
        there.close();
        here.close();
    }

    @Test
    void everyKeyComesWithValueMetadataAndExpiration() throws Exception {
        fill(1_200);
        byte[] largest = new byte[VALUE_BYTES];
        new SplittableRandom(3).nextBytes(largest);
        account.put("largest", largest, "");
        account.put("soon", "v", null, System.currentTimeMillis() / 1_000 + 3_600);
        account.put("\ufeffmark", "with a key that begins with a mark");

        JsonNode said = imported();

        assertThat(said.path("new").asInt()).isEqualTo(1_203);
        assertThat(content(here)).isEqualTo(content(there));
        JsonNode again = imported();
        assertThat(again.path("unread").asInt()).isEqualTo(1_203);
        assertThat(again.path("bytes_read").asLong()).isZero();
        JsonNode verified = imported("--verify", "--exact");
        assertThat(verified.path("same").asInt()).isEqualTo(1_203);
    }

    @Test
    void whatChangesThereComesAndWhatIsChangedHereStays() throws Exception {
        for (String key : List.of("metadata", "value", "both", "mine", "unmine", "goes")) {
            account.put(key, "first", "{\"n\":1}", 0);
        }
        here.makeNamespace("settings");
        holdfast.works("kv", "put", "settings", "before", "here");
        account.put("before", "there");
        holdfast.works("kv", "put", "settings", "deleted-before", "here");
        holdfast.works("kv", "delete", "settings", "deleted-before");
        account.put("deleted-before", "there");
        JsonNode first = imported();
        assertThat(first.path("new").asInt()).isEqualTo(6);
        assertThat(first.path("kept").asInt()).as("written or deleted here").isEqualTo(2);

        account.put("metadata", "first", "{\"n\":2}", 0);
        account.put("value", "second", "{\"n\":1}", 0);
        account.put("both", "second", "{\"n\":2}", 4_000_000_000L);
        account.put("mine", "second", "{\"n\":2}", 0);
        account.put("unmine", "second", "{\"n\":2}", 0);
        account.put("fresh", "second");
        account.delete("goes");
        holdfast.works("kv", "put", "settings", "mine", "by me");
        holdfast.works("kv", "delete", "settings", "unmine");

        JsonNode planned = imported("--dry-run");
        JsonNode second = imported();
        assertThat(second.path("changed").asInt()).isEqualTo(2);
        assertThat(planned.path("new").asInt()).isEqualTo(second.path("new").asInt());
        assertThat(second.path("new").asInt()).isEqualTo(1);
        assertThat(second.path("kept").asInt()).isEqualTo(2);
        assertThat(second.path("gone").asInt()).isEqualTo(1);
        assertThat(values(here))
                .containsEntry("metadata", "first")
                .containsEntry("value", "first")
                .containsEntry("both", "second")
                .containsEntry("mine", "by me")
                .containsEntry("before", "here")
                .containsEntry("fresh", "second")
                .containsEntry("goes", "first")
                .doesNotContainKeys("unmine", "deleted-before");

        JsonNode verified = imported("--verify", "--delete");
        assertThat(verified.path("changed").asInt())
                .as("the value that no list shows")
                .isEqualTo(1);
        assertThat(verified.path("deleted").asInt()).isEqualTo(1);
        assertThat(values(here)).containsEntry("value", "second").doesNotContainKeys("goes", "unmine");
        assertThat(imported("--verify").path("same").asInt()).isEqualTo(4);
    }

    @Test
    void anImportThatIsKilledAgainAndAgainEndsComplete() throws Exception {
        fill(6_000);
        String state = "workers-kv-" + account.namespace() + ".import.next";
        long last = 0;
        for (int kill = 0; kill < 4; kill++) {
            Process running =
                    holdfast.start(command("--exact", "--parallel", "4").toArray(String[]::new));
            try {
                long before = last;
                last = Awaiting.until(
                        SOON,
                        "some are imported",
                        () -> size(directory.resolve(state)),
                        size -> size > before + 20_000);
            } finally {
                running.destroyForcibly().waitFor();
            }
            account.put("user:00005000", "changed under way " + kill, "{\"kill\":" + kill + "}", 0);
        }
        assertThat(values(here).size()).isBetween(1, 5_999);
        JsonNode done = imported();
        assertThat(done.path("kept").asInt()).as("left alone").isZero();
        imported("--verify");
        assertThat(content(here)).isEqualTo(content(there));
    }

    @Test
    void tooManyRequestsAndAWeakConnectionSlowItDown() throws Exception {
        fill(300);
        api.trouble(FaultyApi.Answer.TOO_MANY, 10);
        Said said = holdfast.works(command("--exact").toArray(String[]::new));
        assertThat(said.text()).contains("Rate limited").contains("it was told to wait");
        assertThat(content(here)).isEqualTo(content(there));
        api.trouble(FaultyApi.Answer.BROKEN, 5);
        assertThat(imported("--verify", "--exact").path("same").asInt()).isEqualTo(300);
    }

    @Test
    void aTokenThatExpiresUnderWayIsToldAndTheNextOneGoesOn() throws Exception {
        fill(3_000);
        Process running = holdfast.start(directory.resolve("said"), command("--exact", "--parallel", "2"));
        try {
            Awaiting.until(SOON, "it is under way", api::requests, requests -> requests > 500);
            api.trouble(FaultyApi.Answer.DENIED, 1);
            assertThat(running.waitFor()).isEqualTo(1);
        } finally {
            running.destroyForcibly().waitFor();
        }
        assertThat(Files.readString(directory.resolve("said")))
                .contains("has expired")
                .contains("it goes on");
        api.mend();
        imported();
        assertThat(content(here)).isEqualTo(content(there));
    }

    @Test
    void aWrongAddressDeletesNothing() throws Exception {
        account.put("k", "v");
        imported();
        api.trouble(FaultyApi.Answer.NO_ROUTE, 1);
        assertThat(holdfast.run(command("--verify", "--delete")).exit()).isEqualTo(1);
        assertThat(values(here)).containsEntry("k", "v");
    }

    @Test
    void itFollowsWhatComes() throws Exception {
        account.put("first", "v");
        Process following = holdfast.start(command("--follow", "200ms").toArray(String[]::new));
        try {
            Awaiting.until(SOON, "the first is here", () -> valuesNow(), values -> values.containsKey("first"));
            account.put("second", "v");
            Awaiting.until(SOON, "the second is here", () -> valuesNow(), values -> values.containsKey("second"));
        } finally {
            following.destroyForcibly().waitFor();
        }
    }

    private void fill(int keys) {
        SplittableRandom random = new SplittableRandom(11);
        ArrayNode batch = Json.array();
        for (int i = 0; i < keys; i++) {
            String key = i < STRANGE.size() ? STRANGE.get(i) : String.format("user:%08d", i);
            byte[] bytes = new byte[random.nextInt(1, 300)];
            random.nextBytes(bytes);
            ObjectNode one = batch.addObject()
                    .put("key", key)
                    .put("value", Base64.getEncoder().encodeToString(bytes));
            if (i % 10 == 3) {
                one.put("base64", true);
            }
            if (i % 3 == 0) {
                one.putObject("metadata").put("n", i).put("\u00fc", "\n").put("half", 1.5);
            }
            if (i % 7 == 0) {
                one.put("expiration", 4_000_000_000L + i);
            }
            if (batch.size() == 1_000 || i == keys - 1) {
                account.bulk(batch);
                batch.removeAll();
            }
        }
    }

    private List<String> command(String... options) {
        List<String> command = new ArrayList<>(List.of(
                "workers-kv",
                "import",
                "settings",
                "--from-url",
                api.url(),
                "--state",
                directory.toString(),
                "--requests",
                "1000000"));
        command.addAll(List.of(options));
        return command;
    }

    private JsonNode imported(String... options) throws Exception {
        List<String> command = command(options);
        command.add("--json");
        String text = holdfast.works(command.toArray(String[]::new)).text();
        return Json.MAPPER.readTree(text.substring(text.indexOf("{\"keys\"")));
    }

    /** Value, metadata and expiration of each key. */
    private Map<String, JsonNode> content(HoldfastServer server) throws IOException {
        Map<String, JsonNode> content = new TreeMap<>();
        byte[] lines = server.store()
                .require(server.store().get("/v1/namespaces/settings/export"))
                .body();
        for (String line : new String(lines, java.nio.charset.StandardCharsets.UTF_8).split("\n")) {
            JsonNode read = Json.MAPPER.readTree(line);
            if (read.has("key")) {
                ((ObjectNode) read).remove("version");
                content.put(read.path("key").stringValue(), read);
            }
        }
        return content;
    }

    private Map<String, String> values(HoldfastServer server) throws IOException {
        Map<String, String> values = new TreeMap<>();
        content(server)
                .forEach((key, line) -> values.put(key, line.path("value").asString("")));
        return values;
    }

    private Map<String, String> valuesNow() {
        try {
            return here.store().get("/v1/namespaces/settings").ok() ? values(here) : Map.of();
        } catch (IOException e) {
            return Map.of();
        }
    }

    private static long size(Path file) {
        return file.toFile().length();
    }
}
