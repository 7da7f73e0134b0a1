package dev.holdfast.integration.workerskv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.http.Reply;
import dev.holdfast.client.transport.Percent;
import dev.holdfast.integration.harness.Awaiting;
import dev.holdfast.integration.harness.CommandLine;
import dev.holdfast.integration.harness.HoldfastServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ArrayNode;

/** A namespace that takes what it does not have yet from Workers KV, for which another Holdfast stands. */
class ReadThroughTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private HoldfastServer there;
    private HoldfastServer here;
    private Account account;
    private FaultyApi api;
    private Path token;

    @BeforeEach
    void start() throws Exception {
        there = new HoldfastServer(Files.createDirectories(directory.resolve("there")));
        there.start();
        account = new Account(there, "settings");
        api = new FaultyApi(there.store().base());
        token = Files.writeString(directory.resolve("token"), there.secret());
        here = new HoldfastServer(Files.createDirectories(directory.resolve("here")))
                .configured("""
                    # Tombstones are collected as soon as may be, so that a forgotten one shows.
                    replication:
                      compare-interval: 1s
                      collect-age: 1s
                      max-skew: 10ms
                    cache:
                      ttl: 1ms
                    upstreams:
                      cloudflare:
                        namespace: settings
                        url: %s
                        account: %s
                        source: %s
                        token: %s
                        timeout: 2s
                        requests: 1000000
                    """.formatted(api.url(), account.id(), account.namespace(), token));
        here.start();
        here.makeNamespace("settings");
    }

    @AfterEach
    void stop() {
        api.close();
        there.close();
        here.close();
    }

    @Test
    void aKeyThatIsNotHereYetIsReadThereOnceAndKept() throws Exception {
        account.put("k \u00fc/\ud83c\udf0a", "v", "{\"a\":[1.5,\"\u00fc\"]}", 4_000_000_000L);
        Reply first = get("k \u00fc/\ud83c\udf0a");
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.body()).isEqualTo("v".getBytes(StandardCharsets.UTF_8));
        assertThat(first.numberHeader("holdfast-expiration")).hasValue(4_000_000_000L);
        assertThat(first.utf8Header("holdfast-metadata")).contains("{\"a\":[1.5,\"\u00fc\"]}");
        assertThat(first.headers().toString()).contains("upstream cloudflare");
        long asked = api.requests();
        assertThat(get("k \u00fc/\ud83c\udf0a").status()).isEqualTo(200);
        assertThat(api.requests()).isEqualTo(asked);
        byte[] binary = {0, -1, -2, 10, 13};
        account.put("binary", binary, "");
        assertThat(get("binary").body()).isEqualTo(binary);
        assertThat(get("nowhere").status()).isEqualTo(404);
    }

    @Test
    void withItDownWhatIsHereIsServedAndTheRestIsNotCalledAbsent() throws Exception {
        account.put("read", "v");
        account.put("unread", "v");
        assertThat(get("read").status()).isEqualTo(200);
        there.kill();
        assertThat(get("read").status()).isEqualTo(200);
        Reply unread = get("unread");
        assertThat(unread.status()).isEqualTo(503);
        assertThat(unread.problem().message()).contains("not here yet").contains("upstream cloudflare");
        assertThat(put("written", "v").status()).isEqualTo(200);
        assertThat(get("written").status()).isEqualTo(200);
        here.kill();
        here.start();
        assertThat(get("read").status()).as("after a restart").isEqualTo(200);
        there.start();
        assertThat(get("unread").status()).isEqualTo(200);
        api.trouble(FaultyApi.Answer.DENIED, 1);
        account.put("new", "v");
        assertThat(get("new").status()).as("with a token that has expired").isEqualTo(503);
        api.trouble(FaultyApi.Answer.NO_ROUTE, 1);
        assertThat(get("new").status()).as("with a wrong address").isEqualTo(503);
    }

    @Test
    void whatWasWrittenOrDeletedHereWinsForEver() throws Exception {
        account.put("written", "there");
        account.put("deleted", "there");
        account.put("read-then-deleted", "there");
        put("written", "here");
        delete("deleted");
        get("read-then-deleted");
        delete("read-then-deleted");
        assertThat(get("written").body()).isEqualTo("here".getBytes(StandardCharsets.UTF_8));
        assertThat(get("deleted").status()).isEqualTo(404);
        // A namespace without an upstream beside it shows that collection runs meanwhile.
        here.makeNamespace("other");
        here.store().require(here.store().delete("/v1/namespaces/other/values/gone"));
        Awaiting.until(
                SOON,
                "deleted keys are collected elsewhere",
                () -> here.store()
                        .get("/v1/namespaces/other/explain/gone")
                        .json()
                        .toString(),
                said -> said.contains("collected up to"));
        here.kill();
        here.start();
        assertThat(get("deleted").status()).isEqualTo(404);
        assertThat(get("read-then-deleted").status()).isEqualTo(404);
        account.put("deleted", "again");
        assertThat(get("deleted").status()).isEqualTo(404);
    }

    @Test
    void aConditionIsAboutWhatIsThereToo() throws Exception {
        account.put("k", "there");
        Reply refused =
                here.store().call("PUT", path("k"), Map.of("If-None-Match", "*"), BodyPublishers.ofString("here"));
        assertThat(refused.status()).isEqualTo(412);
        assertThat(get("k").body()).isEqualTo("there".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void anImportBringsTheRestAndThenItMayEnd() throws Exception {
        ArrayNode batch = Json.array();
        for (int i = 0; i < 500; i++) {
            batch.addObject().put("key", "user:" + i).put("value", "v" + i);
        }
        account.bulk(batch);
        get("user:7");
        put("user:8", "mine");
        delete("user:9");
        new CommandLine(Map.of(
                        "HOLDFAST_URL", here.store().base().toString(),
                        "HOLDFAST_ADMIN", here.control().base().toString(),
                        "HOLDFAST_TOKEN", here.secret(),
                        "CLOUDFLARE_ACCOUNT_ID", account.id()))
                .works(
                        "workers-kv",
                        "import",
                        "settings",
                        "--from-url",
                        api.url(),
                        "--token-file",
                        token.toString(),
                        "--requests",
                        "1000000",
                        "--state",
                        directory.toString());
        there.kill();
        for (int i = 0; i < 500; i++) {
            assertThat(get("user:" + i).status()).as("user:" + i).isEqualTo(i == 9 ? 404 : 200);
        }
        assertThat(get("user:8").body()).isEqualTo("mine".getBytes(StandardCharsets.UTF_8));
    }

    private Reply get(String key) {
        return here.store().get(path(key));
    }

    private Reply put(String key, String value) {
        return here.store().call("PUT", path(key), Map.of(), BodyPublishers.ofString(value));
    }

    private void delete(String key) {
        here.store().require(here.store().delete(path(key)));
    }

    private static String path(String key) {
        return "/v1/namespaces/settings/values/" + Percent.encode(key);
    }
}
