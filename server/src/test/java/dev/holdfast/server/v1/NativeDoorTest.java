package dev.holdfast.server.v1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.server.http.RawClient;
import dev.holdfast.server.main.RunningServer;
import dev.holdfast.server.main.RunningServer.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class NativeDoorTest {
    @TempDir
    static Path data;

    private static RunningServer server;
    private static int number;
    private String id;
    private String title;

    @BeforeAll
    static void start() throws Exception {
        server = new RunningServer(
                data, Map.of("jurisdiction", "eu", "providers.a.jurisdiction", "eu", "providers.b.jurisdiction", "us"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void makeNamespace(TestInfo test) throws IOException {
        title = "t" + number++;
        id = server.namespace(title);
    }

    @Test
    void aValueComesBackWithItsVersionSourceAndMetadata() throws Exception {
        Reply put = server.data("PUT", values("k") + "?expiration_ttl=3600", "hello", "Holdfast-Metadata", "{\"a\":1}");
        assertThat(put.status()).isEqualTo(200);
        String version = put.json().get("version").asString();
        assertThat(version).matches("[0-9a-f]{16}");
        assertThat(put.header("ETag")).isEqualTo("\"" + version + "\"");
        assertThat(put.header("Holdfast-Version")).isEqualTo(version);
        // On a busy machine a provider may be late, and the hint log stands in for it.
        assertThat(put.header("Holdfast-Homes")).isIn("a, b", "a, hint-log", "b, hint-log");
        assertThat(put.json().get("homes").valueStream().map(JsonNode::asString))
                .containsExactly(put.header("Holdfast-Homes").split(", "));
        assertThat(put.json().get("hinted"))
                .hasSize(put.header("Holdfast-Homes").contains("hint-log") ? 1 : 0);
        assertThat(put.header("Holdfast-Domains"))
                .isEqualTo(put.json().get("domains").asString());
        assertThat(put.header("Holdfast-Short"))
                .isEqualTo(put.json().get("short").asBoolean() ? "true" : "");

        Reply near = server.data("GET", values("k"), null);
        assertThat(near.text()).isEqualTo("hello");
        assertThat(near.header("Holdfast-Source")).isEqualTo("memory");
        assertThat(near.header("CF-Cache-Status")).isEqualTo("HIT");
        Reply get = server.data("GET", values("k") + "?mode=confirmed", null);
        assertThat(get.status()).isEqualTo(200);
        assertThat(get.text()).isEqualTo("hello");
        assertThat(get.header("CF-Cache-Status")).isEqualTo("BYPASS");
        assertThat(get.header("ETag")).isEqualTo("\"" + version + "\"");
        assertThat(get.header("Holdfast-Version")).isEqualTo(version);
        assertThat(get.header("Holdfast-Source")).isIn("a", "b");
        assertThat(get.header("Holdfast-Confirmed")).isEqualTo("true");
        assertThat(get.header("Age")).isEqualTo("0");
        assertThat(get.header("Holdfast-Metadata")).isEqualTo("{\"a\":1}");
        assertThat(Long.parseLong(get.header("Holdfast-Expiration")))
                .isBetween(System.currentTimeMillis() / 1000 + 3_590, System.currentTimeMillis() / 1000 + 3_600);
        assertThat(get.header("Holdfast-Request")).isNotEmpty();
    }

    @Test
    void headAnswersAsGetWithoutTheValue() throws Exception {
        server.data("PUT", values("k"), "hello");
        Reply head = server.data("HEAD", values("k"), null);
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("Content-Length")).isEqualTo("5");
        assertThat(head.text()).isEmpty();
    }

    @Test
    void aVersionAlreadyKnownIsNotSentAgain() throws Exception {
        String etag = server.data("PUT", values("k"), "hello").header("ETag");
        Reply same = server.data("GET", values("k"), null, "If-None-Match", etag);
        assertThat(same.status()).isEqualTo(304);
        assertThat(same.header("ETag")).isEqualTo(etag);
        assertThat(same.text()).isEmpty();
        server.data("PUT", values("k"), "other");
        assertThat(server.data("GET", values("k"), null, "If-None-Match", etag).status())
                .isEqualTo(200);
    }

    @Test
    void aFreshReadAnswersToo() throws Exception {
        server.data("PUT", values("k"), "hello");
        assertThat(server.data("GET", values("k") + "?mode=fresh", null).text()).isEqualTo("hello");
        Reply odd = server.data("GET", values("k") + "?mode=stale", null);
        assertThat(odd.status()).isEqualTo(400);
        assertThat(odd.code()).isEqualTo("bad-mode");
    }

    @Test
    void aRequestOfWhichTheTimeIsOverIsRefusedAndNothingIsDone() throws Exception {
        server.data("PUT", values("k"), "v");
        Reply late = server.data("PUT", values("k"), "w", "Holdfast-Deadline-Ms", "0");
        assertThat(late.status()).isEqualTo(503);
        assertThat(late.code()).isEqualTo("overdue");
        assertThat(server.data("GET", values("k") + "?mode=confirmed", null).text())
                .isEqualTo("v");
        assertThat(server.data("GET", values("k") + "?mode=confirmed", null, "Holdfast-Deadline-Ms", "0")
                        .code())
                .isEqualTo("overdue");
        assertThat(server.data("GET", "/v1/namespaces/" + id + "/keys", null, "Holdfast-Deadline-Ms", "0")
                        .code())
                .isEqualTo("overdue");
        assertThat(server.data("PUT", values("k"), "w", "Holdfast-Deadline-Ms", "60000")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "-1", "1.5", "600001", ""})
    void aDeadlineThatIsNoneIsRefused(String millis) throws Exception {
        Reply refused = server.data("PUT", values("k"), "w", "Holdfast-Deadline-Ms", millis);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).contains("Holdfast-Deadline-Ms");
    }

    @Test
    void whatIsNotThereIs404() throws Exception {
        Reply missing = server.data("GET", values("none"), null);
        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.code()).isEqualTo("key-not-found");
        assertThat(missing.json().at("/error/request").asString()).isEqualTo(missing.header("Holdfast-Request"));
        server.data("PUT", values("k"), "v");
        assertThat(server.data("DELETE", values("k"), null).status()).isEqualTo(200);
        assertThat(server.data("GET", values("k"), null).status()).isEqualTo(404);
        assertThat(server.data("DELETE", values("k"), null).status()).isEqualTo(200);
    }

    @Test
    void aKeyIsDecodedOnceAndNeverNormalised() throws Exception {
        for (String raw : new String[] {"a%2Fb", "a/b//../c", "sp%20ace", "%C3%A9", "plus+plus", "%2e%2e%2fx"}) {
            assertThat(server.data("PUT", values(raw), raw).status()).isEqualTo(200);
        }
        JsonNode keys = server.data("GET", "/v1/namespaces/" + id + "/keys", null)
                .json()
                .get("keys");
        assertThat(keys.valueStream().map(key -> key.get("name").asString()))
                .containsExactly("../x", "a/b", "a/b//../c", "plus+plus", "sp ace", "é");
        assertThat(server.data("GET", values("a/b"), null).text()).isEqualTo("a%2Fb");
    }

    @ParameterizedTest
    @CsvSource({"%2e,400,bad-key", "..,400,bad-key", "'',400,bad-key", "%zz,400,bad-path", "%ff,400,bad-key"})
    void aBadKeyIsRefused(String raw, int status, String code) throws Exception {
        RawClient.Answer answer = raw("PUT " + values(raw) + " HTTP/1.1", "Content-Length: 1", "x");
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.text()).contains("\"" + code + "\"");
    }

    @Test
    void aKeyTooLongIs414() throws Exception {
        Reply refused = server.data("PUT", values("k".repeat(513)), "v");
        assertThat(refused.status()).isEqualTo(414);
        assertThat(server.data("PUT", values("k".repeat(512)), "v").status()).isEqualTo(200);
    }

    @Test
    void writesCanInsistOnWhatWasThere() throws Exception {
        Reply absent = server.data("PUT", values("k"), "1", "If-Match", "*");
        assertThat(absent.status()).isEqualTo(412);
        assertThat(absent.code()).isEqualTo("condition-failed");
        assertThat(absent.json().get("current").isNull()).isTrue();

        Reply first = server.data("PUT", values("k"), "1", "If-None-Match", "*");
        assertThat(first.status()).isEqualTo(200);
        Reply again = server.data("PUT", values("k"), "2", "If-None-Match", "*");
        assertThat(again.status()).isEqualTo(412);
        assertThat(again.json().get("current").asString())
                .isEqualTo(first.json().get("version").asString());

        Reply second = server.data("PUT", values("k"), "2", "If-Match", first.header("ETag"));
        assertThat(second.status()).isEqualTo(200);
        assertThat(server.data("PUT", values("k"), "3", "If-Match", first.header("ETag"))
                        .status())
                .isEqualTo(412);
        assertThat(server.data("DELETE", values("k"), null, "If-Match", first.header("ETag"))
                        .status())
                .isEqualTo(412);
        assertThat(server.data("GET", values("k"), null).text()).isEqualTo("2");
        assertThat(server.data("DELETE", values("k"), null, "If-Match", second.header("ETag"))
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "If-Match|abc",
                "If-Match|W/\"0000000000000000\"",
                "If-Match|\"1\", \"2\"",
                "If-None-Match|\"0000000000000000\""
            })
    void aConditionThatIsNoneIsRefused(String header, String value) throws Exception {
        Reply refused = server.data("PUT", values("k"), "v", header, value);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.code()).isEqualTo("bad-condition");
        assertThat(server.data("GET", values("k"), null).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "expiration_ttl=59",
                "expiration_ttl=x",
                "expiration_ttl=-1",
                "expiration_ttl=9999999999999999",
                "expiration=1",
                "expiration=soon",
                "expiration=99999999999999"
            })
    void aBadExpirationIsRefused(String query) throws Exception {
        Reply refused = server.data("PUT", values("k") + "?" + query, "v");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.code()).isEqualTo("bad-expiration");
        assertThat(server.data("GET", values("k"), null).status()).isEqualTo(404);
    }

    @Test
    void metadataIsUtf8JsonWithinItsLimit() throws Exception {
        Reply notJson = server.data("PUT", values("k"), "v", "Holdfast-Metadata", "{");
        assertThat(notJson.status()).isEqualTo(400);
        assertThat(notJson.code()).isEqualTo("bad-metadata");
        Reply large = server.data("PUT", values("k"), "v", "Holdfast-Metadata", "\"" + "x".repeat(1_023) + "\"");
        assertThat(large.status()).isEqualTo(413);
        assertThat(server.data("GET", values("k"), null).status()).isEqualTo(404);

        String utf8 = new String("{\"u\":\"é🤓\"}".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        assertThat(raw("PUT " + values("k") + " HTTP/1.1", "Content-Length: 1\r\nHoldfast-Metadata: " + utf8, "v")
                        .status())
                .isEqualTo(200);
        RawClient.Answer get = raw("GET " + values("k") + " HTTP/1.1", "", "");
        assertThat(get.headers().get("holdfast-metadata")).isEqualTo(utf8);
        assertThat(keys("").get(0).at("/metadata/u").asString()).isEqualTo("é🤓");
    }

    @Test
    void aValueTooLargeIsRefusedBeforeItIsRead() throws Exception {
        RawClient.Answer answer = raw("PUT " + values("k") + " HTTP/1.1", "Content-Length: 26214401", "");
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.text()).contains("\"too-large\"");
    }

    @Test
    void aListingGoesPageByPageInTheOrderOfKeys() throws Exception {
        for (int i = 0; i < 25; i++) {
            server.data("PUT", values("p/%02d".formatted(i)), "v".repeat(i));
        }
        server.data("PUT", values("q"), "v");
        StringBuilder seen = new StringBuilder();
        String cursor = "";
        do {
            Reply page =
                    server.data("GET", "/v1/namespaces/" + title + "/keys?prefix=p%2F&limit=10&cursor=" + cursor, null);
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.json().get("confirmed").asBoolean()).isTrue();
            for (JsonNode key : page.json().get("keys")) {
                seen.append(key.get("name").asString().substring(2)).append(' ');
                assertThat(key.get("size").asInt())
                        .isEqualTo(Integer.parseInt(key.get("name").asString().substring(2)));
            }
            cursor = page.json().get("cursor").isNull()
                    ? ""
                    : page.json().get("cursor").asString();
        } while (!cursor.isEmpty());
        assertThat(seen.toString().split(" "))
                .containsExactly(
                        IntStream.range(0, 25).mapToObj("%02d"::formatted).toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({"limit=0,bad-limit", "limit=1001,bad-limit", "limit=x,bad-limit", "cursor=%21,bad-cursor"})
    void aListingWithBadParametersIsRefused(String query, String code) throws Exception {
        Reply refused = server.data("GET", "/v1/namespaces/" + id + "/keys?" + query, null);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.code()).isEqualTo(code);
    }

    @Test
    void aListingWithValuesHoldsWhatEachKeyHolds() throws Exception {
        server.data("PUT", values("a") + "?expiration=9999999999", "hé\u0000", "Holdfast-Metadata", "{\"m\":1}");
        String version = server.data("PUT", values("b"), "").header("Holdfast-Version");
        server.binary(values("c"), new byte[] {(byte) 0xff, 0, 'x'});
        String list = "/v1/namespaces/" + id + "/keys?values=true";
        JsonNode first = server.data("GET", list + "&limit=2", null).json();
        assertThat(first.get("keys").get(0).get("value").asString()).isEqualTo("hé\u0000");
        assertThat(first.at("/keys/0/size").asInt()).isEqualTo(4);
        assertThat(first.at("/keys/0/expiration").asLong()).isEqualTo(9_999_999_999L);
        assertThat(first.at("/keys/0/metadata/m").asInt()).isEqualTo(1);
        assertThat(first.get("keys").get(1).toString())
                .isEqualTo("{\"name\":\"b\",\"version\":\"" + version + "\",\"size\":0,\"value\":\"\"}");
        JsonNode rest = server.data(
                        "GET", list + "&cursor=" + first.get("cursor").asString(), null)
                .json();
        assertThat(rest.get("keys")).hasSize(1);
        assertThat(rest.at("/keys/0/value_base64").asString()).isEqualTo("/wB4");
        assertThat(rest.at("/keys/0").has("value")).isFalse();
        assertThat(rest.get("cursor").isNull()).isTrue();
        assertThat(rest.get("confirmed").asBoolean()).isTrue();
    }

    @Test
    void aListingWithValuesNeedsBothPermissions() throws Exception {
        String keys = "/v1/namespaces/" + id + "/keys";
        for (String one : new String[] {"read", "list"}) {
            assertThat(server.send(server.dataPort(), server.token(id, one), "GET", keys + "?values=true", null)
                            .status())
                    .isEqualTo(403);
        }
        String both = server.token(id, "read", "list");
        assertThat(server.send(server.dataPort(), both, "GET", keys + "?values=true", null)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void deletingByPrefixTellsFirstAndThenDoesIt() throws Exception {
        String items = IntStream.range(0, 1_234)
                .mapToObj(i -> "{\"key\":\"p" + i + "\",\"value\":\"v\"}")
                .collect(Collectors.joining(",", "[", "]"));
        String account =
                server.admin("GET", "/v1/status", null).json().get("account_id").asString();
        assertThat(server.data(
                                "PUT",
                                "/client/v4/accounts/" + account + "/storage/kv/namespaces/" + id + "/bulk",
                                items)
                        .status())
                .isEqualTo(200);
        server.data("PUT", values("keep"), "v");
        Reply dry = server.data("DELETE", "/v1/namespaces/" + id + "/keys?prefix=p&dry-run=true", null);
        assertThat(dry.status()).isEqualTo(200);
        assertThat(dry.json().get("matched").asInt()).isEqualTo(1_234);
        assertThat(dry.json().get("deleted").asInt()).isZero();
        assertThat(dry.json().get("sample")).hasSize(10);
        assertThat(server.data("GET", values("p0"), null).status()).isEqualTo(200);

        Reply done = server.data("DELETE", "/v1/namespaces/" + id + "/keys?prefix=p", null);
        assertThat(done.json().get("matched").asInt()).isEqualTo(1_234);
        assertThat(done.json().get("deleted").asInt()).isEqualTo(1_234);
        assertThat(done.json().get("failed").asInt()).isZero();
        assertThat(keys("")).hasSize(1);
        assertThat(Files.readString(data.resolve("audit.log")))
                .contains("keys.delete-by-prefix")
                .contains("1234 of 1234 keys deleted");
    }

    @Test
    void deletingWithoutAPrefixIsRefused() throws Exception {
        server.data("PUT", values("k"), "v");
        Reply refused = server.data("DELETE", "/v1/namespaces/" + id + "/keys", null);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.code()).isEqualTo("no-prefix");
        assertThat(server.data("DELETE", "/v1/namespaces/" + id + "/keys?prefix=&dry-run=perhaps", null)
                        .code())
                .isEqualTo("bad-flag");
        assertThat(keys("")).hasSize(1);
        assertThat(server.data("DELETE", "/v1/namespaces/" + id + "/keys?prefix=", null)
                        .json()
                        .get("deleted")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void explainSaysWhatEachHomeHolds() throws Exception {
        String version =
                server.data("PUT", values("k"), "v").json().get("version").asString();
        JsonNode explained =
                server.data("GET", "/v1/namespaces/" + id + "/explain/k", null).json();
        assertThat(explained.get("key").asString()).isEqualTo("k");
        assertThat(explained.get("homes")).hasSize(2);
        assertThat(explained.at("/homes/0/provider").asString()).isEqualTo("a");
        assertThat(explained.at("/homes/0/version").asString()).isEqualTo(version);
        assertThat(explained.at("/homes/0/state").asString()).isEqualTo("current");
        assertThat(explained.at("/homes/0/says").asString()).isNotEmpty();
        assertThat(explained.at("/answer/kind").asString()).isEqualTo("found");
        assertThat(explained.at("/answer/version").asString()).isEqualTo(version);
        JsonNode none = server.data("GET", "/v1/namespaces/" + id + "/explain/none", null)
                .json();
        assertThat(none.at("/answer/kind").asString()).isEqualTo("missing");
        assertThat(none.at("/homes/0/version").isNull()).isTrue();
    }

    @Test
    void aNamespaceIsFoundByIdAndByTitle() throws Exception {
        assertThat(server.data("GET", "/v1/namespaces/" + id, null)
                        .json()
                        .get("title")
                        .asString())
                .isEqualTo(title);
        assertThat(server.data("GET", "/v1/namespaces/" + title, null)
                        .json()
                        .get("id")
                        .asString())
                .isEqualTo(id);
        Reply none = server.data("GET", "/v1/namespaces/nowhere", null);
        assertThat(none.status()).isEqualTo(404);
        assertThat(none.code()).isEqualTo("namespace-not-found");
    }

    @Test
    void aNamespaceIsMadeAsAskedAndChanged() throws Exception {
        Reply made = server.data("POST", "/v1/namespaces", """
            {"title":"%s-2","jurisdiction":"eu","mode":"instant","durability":1,"when_short":"refuse","dark_writes":true}
            """.formatted(title));
        assertThat(made.status()).isEqualTo(200);
        JsonNode namespace = made.json();
        assertThat(namespace.get("jurisdiction").asString()).isEqualTo("eu");
        assertThat(namespace.get("mode").asString()).isEqualTo("instant");
        assertThat(namespace.get("durability").asInt()).isEqualTo(1);
        assertThat(namespace.get("when_short").asString()).isEqualTo("refuse");
        assertThat(namespace.get("dark_writes").asBoolean()).isTrue();
        assertThat(namespace.get("pinned").asBoolean()).isFalse();

        String path = "/v1/namespaces/" + namespace.get("id").asString();
        Reply changed = server.data("PATCH", path, "{\"title\":\"" + title + "-3\",\"pinned\":true}");
        assertThat(changed.status()).isEqualTo(200);
        JsonNode after = server.data("GET", path, null).json();
        assertThat(after.get("title").asString()).isEqualTo(title + "-3");
        assertThat(after.get("durability").asInt()).isEqualTo(1);
        assertThat(after.get("when_short").asString()).isEqualTo("refuse");
        assertThat(after.get("pinned").asBoolean()).isTrue();
    }

    @Test
    void aNamespaceDoesNotAskForMoreHomesThanItsJurisdictionHas() throws Exception {
        String body = "{\"title\":\"" + title + "-eu\",\"jurisdiction\":\"eu\",\"durability\":";
        Reply tooMany = server.data("POST", "/v1/namespaces", body + "2}");
        assertThat(tooMany.status()).isEqualTo(409);
        assertThat(tooMany.code()).isEqualTo("no-place");
        String id = server.data("POST", "/v1/namespaces", body + "1}")
                .json()
                .get("id")
                .asString();
        Reply refused = server.data("PATCH", "/v1/namespaces/" + id, "{\"durability\":2}");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("no-place");
        assertThat(refused.text())
                .contains("1 independent failure domains in jurisdiction eu")
                .contains("or ask for durability 1");
        assertThat(server.data("GET", "/v1/namespaces/" + id, null)
                        .json()
                        .get("durability")
                        .asInt())
                .isEqualTo(1);
        assertThat(server.data("PATCH", "/v1/namespaces/" + title, "{\"durability\":3}")
                        .status())
                .as("without a jurisdiction")
                .isEqualTo(200);
    }

    @Test
    void aTitleIsUnique() throws Exception {
        Reply taken = server.data("POST", "/v1/namespaces", "{\"title\":\"" + title + "\"}");
        assertThat(taken.status()).isEqualTo(409);
        assertThat(taken.code()).isEqualTo("title-taken");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"title\":\"\"}",
                "{\"title\":7}",
                "{\"title\":\"x\",\"titel\":\"y\"}",
                "{\"title\":\"x\",\"title\":\"y\"}",
                "{\"title\":\"x\"} more",
                "{\"title\":\"x\",\"durability\":0}",
                "{\"title\":\"x\",\"durability\":1.5}",
                "{\"title\":\"x\",\"when_short\":\"maybe\"}",
                "{\"title\":\"x\",\"dark_writes\":\"yes\"}",
                "{\"title\":\"x\",\"pinned\":1}",
                "{\"title\":\"x\",\"jurisdiction\":\"mars\"}",
                "[]",
                "",
                "nonsense"
            })
    void aBadNamespaceIsRefused(String body) throws Exception {
        int before = namespaces();
        Reply refused = server.data("POST", "/v1/namespaces", body);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.code()).isIn("bad-json", "bad-field");
        assertThat(namespaces()).isEqualTo(before);
    }

    @Test
    void whatANamespaceNeedsIsSaidByTitleOrIdAndACircleIsRefusedByName() throws Exception {
        String stock = server.namespace(title + "-stock");
        Reply set =
                server.data("PATCH", "/v1/namespaces/" + id, "{\"needs\":[\"" + title + "-stock\",\"" + stock + "\"]}");
        assertThat(set.json().get("needs").valueStream().map(JsonNode::asString))
                .containsExactly(stock);
        Reply circle = server.data("PATCH", "/v1/namespaces/" + stock, "{\"needs\":[\"" + title + "\"]}");
        assertThat(circle.status()).isEqualTo(409);
        assertThat(circle.code()).isEqualTo("needs-itself");
        assertThat(circle.text()).contains(title + "-stock needs " + title + " needs " + title + "-stock");
        Reply unknown = server.data("PATCH", "/v1/namespaces/" + id, "{\"needs\":[\"nowhere\"]}");
        assertThat(unknown.code()).isEqualTo("bad-field");
        assertThat(unknown.text()).contains("nowhere");
        assertThat(server.data("GET", "/v1/namespaces/" + id, null).json().get("needs"))
                .hasSize(1);
        assertThat(server.data("PATCH", "/v1/namespaces/" + id, "{\"needs\":[]}")
                        .json()
                        .get("needs"))
                .isEmpty();
    }

    @Test
    void aDeletedNamespaceIsHiddenAndCanBeRestored() throws Exception {
        server.data("PUT", values("k"), "v");
        Reply deleted = server.data("DELETE", "/v1/namespaces/" + id, null);
        assertThat(deleted.status()).isEqualTo(200);
        assertThat(deleted.json().get("deleted_at").asLong()).isPositive();
        assertThat(server.data("GET", values("k"), null).status()).isEqualTo(404);
        assertThat(server.data("GET", "/v1/namespaces?deleted=true", null).text())
                .contains(id);
        assertThat(server.data("GET", "/v1/namespaces", null).text()).doesNotContain(id);

        assertThat(server.data("POST", "/v1/namespaces/" + id + "/restore", null)
                        .status())
                .isEqualTo(200);
        assertThat(server.data("GET", values("k"), null).text()).isEqualTo("v");
        assertThat(Files.readString(data.resolve("audit.log")))
                .contains("namespace.create", "namespace.delete", "namespace.restore");
    }

    @Test
    void noTokenAndABadTokenAre401() throws Exception {
        Reply none = server.send(server.dataPort(), "", "GET", values("k"), null);
        assertThat(none.status()).isEqualTo(401);
        assertThat(none.code()).isEqualTo("unauthenticated");
        assertThat(none.header("WWW-Authenticate")).isEqualTo("Bearer");
        assertThat(server.send(server.dataPort(), "hf_" + "A".repeat(43), "GET", values("k"), null)
                        .status())
                .isEqualTo(401);
    }

    @Test
    void aTokenOpensOnlyItsNamespacesAndPermissions() throws Exception {
        String other = server.namespace(title + "-other");
        server.data("PUT", values("k"), "v");
        String reader = server.token(id, "read");
        assertThat(as(reader, "GET", values("k"))).isEqualTo(200);
        assertThat(as(reader, "GET", "/v1/namespaces/" + id + "/explain/k")).isEqualTo(200);
        assertThat(as(reader, "PUT", values("k"))).isEqualTo(403);
        assertThat(as(reader, "DELETE", values("k"))).isEqualTo(403);
        assertThat(as(reader, "GET", "/v1/namespaces/" + id + "/keys")).isEqualTo(403);
        assertThat(as(reader, "GET", "/v1/namespaces/" + other + "/values/k")).isEqualTo(403);
        assertThat(as(reader, "GET", "/v1/namespaces/nowhere/values/k")).isEqualTo(403);
        assertThat(as(reader, "DELETE", "/v1/namespaces/" + id)).isEqualTo(403);
        assertThat(as(reader, "POST", "/v1/namespaces")).isEqualTo(403);

        String writer = server.token(id, "write");
        assertThat(as(writer, "PUT", values("w"))).isEqualTo(200);
        assertThat(as(writer, "GET", values("w"))).isEqualTo(403);
        assertThat(as(writer, "DELETE", "/v1/namespaces/" + id + "/keys?prefix=w"))
                .isEqualTo(403);
        assertThat(as(server.token(id, "list"), "GET", "/v1/namespaces/" + id + "/keys"))
                .isEqualTo(200);
        assertThat(as(server.token(id, "write", "list"), "DELETE", "/v1/namespaces/" + id + "/keys?prefix=w"))
                .isEqualTo(200);

        JsonNode seen = server.send(server.dataPort(), reader, "GET", "/v1/namespaces", null)
                .json()
                .get("namespaces");
        assertThat(seen.valueStream().map(one -> one.get("id").asString())).containsExactly(id);
    }

    @ParameterizedTest
    @CsvSource({
        "POST,/v1/namespaces/{}/values/k,405",
        "PUT,/v1/namespaces/{}/keys,405",
        "PUT,/v1/namespaces,405",
        "PUT,/v1/namespaces/{},405",
        "GET,/v1/namespaces/{}/restore,405",
        "POST,/v1/namespaces/{}/explain/k,405",
        "GET,/v1/nothing,404",
        "GET,/v1/namespaces/{}/nothing,404",
        "GET,/v1/namespaces/{}/nothing/k,404"
    })
    void aWrongMethodOrPathIsRefused(String method, String path, int status) throws Exception {
        Reply refused = server.data(method, path.replace("{}", id), "x");
        assertThat(refused.status()).isEqualTo(status);
        assertThat(refused.code()).isEqualTo(status == 405 ? "method-not-allowed" : "not-found");
        assertThat(refused.header("Allow").isEmpty()).isEqualTo(status != 405);
    }

    private static int as(String token, String method, String path) throws IOException {
        return server.send(server.dataPort(), token, method, path, method.equals("PUT") ? "v" : null)
                .status();
    }

    private String values(String key) {
        return "/v1/namespaces/" + id + "/values/" + key;
    }

    private JsonNode keys(String prefix) throws IOException {
        return server.data("GET", "/v1/namespaces/" + id + "/keys?prefix=" + prefix, null)
                .json()
                .get("keys");
    }

    private static int namespaces() throws IOException {
        return server.data("GET", "/v1/namespaces", null)
                .json()
                .get("namespaces")
                .size();
    }

    private static RawClient.Answer raw(String start, String headers, String body) throws IOException {
        return RawClient.once(
                server.dataPort(),
                start + "\r\nHost: x\r\nAuthorization: Bearer " + server.token + "\r\n"
                        + (headers.isEmpty() ? "" : headers + "\r\n") + "Connection: close\r\n\r\n" + body);
    }
}
