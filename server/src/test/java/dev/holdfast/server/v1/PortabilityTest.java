package dev.holdfast.server.v1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.server.main.RunningServer;
import dev.holdfast.server.main.RunningServer.Reply;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Export and import by the native API. */
class PortabilityTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    static Path data;

    private static RunningServer server;
    private static int number;
    private String from;
    private String to;

    @BeforeAll
    static void start() throws Exception {
        server = new RunningServer(data);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void makeNamespaces() throws IOException {
        from = "/v1/namespaces/" + server.namespace("from" + number);
        to = "/v1/namespaces/" + server.namespace("to" + number++);
    }

    private static Reply put(String room, String key, String value, String... headers) throws IOException {
        Reply put = server.data("PUT", value(room, key), value, headers);
        assertThat(put.status()).as(put.text()).isEqualTo(200);
        return put;
    }

    private static String value(String room, String key) {
        return room + "/values/"
                + URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String export(String room) throws IOException {
        Reply reply = server.data("GET", room + "/export", null);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.text();
    }

    /** The lines of keys. */
    private static List<String> keys(String export) {
        List<String> lines = new ArrayList<>(export.lines().toList());
        assertThat(lines.removeFirst()).startsWith("{\"holdfast_export\":1");
        assertThat(lines.removeLast()).startsWith("{\"end\":");
        return lines;
    }

    private static JsonNode imported(String room, String query, String lines) throws IOException {
        Reply reply = server.data("PUT", room + "/import" + query, lines);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.json();
    }

    private static String begin(String room) throws IOException {
        JsonNode begun = server.data("POST", room + "/import", null).json();
        assertThat(begun.get("keeps_versions").asBoolean()).isTrue();
        return "?import=" + begun.get("import").asString();
    }

    private void fill() throws IOException {
        put(from, "plain", "v");
        put(from, "a\n\"b\\\u2028 \ud83c\udf0a", "line\nline\u0000", "Holdfast-Metadata", "{\"a\":[1,2.5,\"\u00fc\"]}");
        put(from, "spaced", "", "Holdfast-Metadata", "{ \"n\": 1.50 }");
        put(from, "nul", "\u0000".repeat(100));
        server.binary(from + "/values/binary", new byte[] {-1, 0, 10});
        assertThat(server.data("PUT", from + "/values/expires?expiration=4102444800", "e")
                        .status())
                .isEqualTo(200);
        put(from, "gone", "x");
        server.data("DELETE", from + "/values/gone", null);
    }

    @Test
    void whatIsExportedAndImportedIntoAnEmptyNamespaceIsEqualVersionsIncluded() throws Exception {
        fill();
        String export = export(from);
        assertThat(keys(export)).hasSize(6);
        String id = begin(to);
        JsonNode counts = imported(to, id, export);
        assertThat(counts.get("kept").asInt()).isEqualTo(6);
        assertThat(keys(export(to))).isEqualTo(keys(export));
        Reply spaced = server.data("GET", to + "/values/spaced", null);
        assertThat(spaced.header("Holdfast-Metadata")).isEqualTo("{ \"n\": 1.50 }");

        assertThat(imported(to, id, export).get("kept").asInt())
                .as("a repetition changes nothing")
                .isEqualTo(6);
        assertThat(keys(export(to))).isEqualTo(keys(export));
        assertThat(server.data("DELETE", to + "/import" + id, null).status()).isEqualTo(200);
        assertThat(server.data("PUT", to + "/import" + id, export).code()).isEqualTo("import-over");
    }

    @Test
    void theLastLineSumsUpWhatIsBeforeIt() throws Exception {
        put(from, "a", "12");
        put(from, "b", "345");
        String export = export(from);
        int last = export.lastIndexOf("{\"end\"");
        JsonNode end = JSON.readTree(export.substring(last)).get("end");
        assertThat(end.get("keys").asInt()).isEqualTo(2);
        assertThat(end.get("confirmed").asBoolean()).isTrue();
        byte[] before = export.substring(0, last).getBytes(StandardCharsets.UTF_8);
        assertThat(end.get("sha256").asString())
                .isEqualTo(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(before)));
    }

    @Test
    void anExportGoesOnAfterAKeyAndKeepsToAPrefix() throws Exception {
        for (String key : List.of("a1", "b1", "b2", "b3", "c1")) {
            put(from, key, key);
        }
        String some =
                server.data("GET", from + "/export?prefix=b&after=b1", null).text();
        assertThat(keys(some))
                .extracting(line -> JSON.readTree(line).get("key").asString())
                .containsExactly("b2", "b3");
        String bare = server.data("GET", from + "/export?values=false", null).text();
        assertThat(keys(bare)).hasSize(5).allMatch(line -> line.contains("\"size\":2") && !line.contains("value"));
        assertThat(server.data("PUT", to + "/import", bare).code()).isEqualTo("bad-line");
    }

    @Test
    void anExportIsCompressedForWhoAcceptsIt() throws Exception {
        put(from, "k", "v".repeat(10_000));
        Reply reply = server.data("GET", from + "/export", null, "Accept-Encoding", "br, gzip");
        assertThat(reply.header("Content-Encoding")).isEqualTo("gzip");
        byte[] small = reply.response().body();
        assertThat(small.length).isLessThan(2_000);
        String text =
                new String(new GZIPInputStream(new ByteArrayInputStream(small)).readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keys(text)).hasSize(1);
        assertThat(server.data("GET", from + "/export", null, "Accept-Encoding", "gzip;q=0")
                        .header("Content-Encoding"))
                .isEmpty();
    }

    @Test
    void intoANamespaceThatIsNotEmptyEveryLineIsStampedAnew() throws Exception {
        fill();
        put(to, "other", "o");
        JsonNode begun = server.data("POST", to + "/import", null).json();
        assertThat(begun.get("keeps_versions").asBoolean()).isFalse();
        assertThat(begun.get("import").isNull()).isTrue();
        JsonNode counts = imported(to, "", export(from));
        assertThat(counts.get("restamped").asInt()).isEqualTo(6);
        assertThat(server.data("GET", value(to, "plain"), null).header("Holdfast-Version"))
                .isGreaterThan(server.data("GET", value(from, "plain"), null).header("Holdfast-Version"));
        assertThat(server.data("PUT", to + "/import?import=0123456789abcdef", export(from))
                        .code())
                .isEqualTo("import-over");
    }

    @Test
    void aKeyThatWasDeletedBeforeIsWrittenAtAVersionOfNow() throws Exception {
        fill();
        put(to, "plain", "before");
        server.data("DELETE", to + "/values/plain", null);
        JsonNode counts = imported(to, begin(to), export(from));
        assertThat(counts.get("kept").asInt()).isEqualTo(5);
        assertThat(counts.get("restamped").asInt()).isEqualTo(1);
        assertThat(server.data("GET", to + "/values/plain", null).text()).isEqualTo("v");
    }

    @Test
    void aKeyThatExistsIsOverwrittenLeftAloneOrComparedAsAsked() throws Exception {
        put(from, "k", "old");
        String old = export(from);
        put(to, "k", "theirs");
        assertThat(imported(to, "?on_conflict=skip", old).get("skipped").asInt())
                .isEqualTo(1);
        assertThat(imported(to, "?on_conflict=newer", old).get("skipped").asInt())
                .isEqualTo(1);
        assertThat(server.data("GET", to + "/values/k", null).text()).isEqualTo("theirs");
        put(from, "k", "new");
        assertThat(imported(to, "?on_conflict=newer", export(from))
                        .get("restamped")
                        .asInt())
                .isEqualTo(1);
        assertThat(server.data("GET", to + "/values/k", null).text()).isEqualTo("new");
        assertThat(imported(to, "", old).get("restamped").asInt()).isEqualTo(1);
        assertThat(server.data("GET", to + "/values/k", null).text()).isEqualTo("old");
        assertThat(server.data("PUT", to + "/import?on_conflict=merge", old).code())
                .isEqualTo("bad-conflict");
    }

    @Test
    void aDryRunWritesNothingAndSaysWhatWouldBe() throws Exception {
        fill();
        String export = export(from);
        assertThat(server.data("POST", to + "/import?dry_run=true", null)
                        .json()
                        .get("keeps_versions")
                        .asBoolean())
                .isTrue();
        assertThat(imported(to, "?dry_run=true", export).get("kept").asInt()).isEqualTo(6);
        assertThat(keys(export(to))).isEmpty();
        put(to, "plain", "p");
        JsonNode counts = imported(to, "?dry_run=true&on_conflict=skip", export);
        assertThat(counts.get("skipped").asInt()).isEqualTo(1);
        assertThat(counts.get("restamped").asInt()).isEqualTo(5);
    }

    @Test
    void aLineThatIsWrongIsNamedAndNothingIsWritten() throws Exception {
        String good = "{\"key\":\"k\",\"value\":\"v\"}\n";
        String past = "{\"key\":\"past\",\"value\":\"v\",\"expiration\":1000}\n";
        for (String wrong : List.of(
                "{\"key\":\"k2\"",
                "[]",
                "{\"key\":\"..\",\"value\":\"\"}",
                "{\"key\":\"k2\"}",
                "{\"key\":\"k2\",\"value\":1}",
                "{\"key\":\"k2\",\"value_base64\":\"*\"}",
                "{\"key\":\"k2\",\"value\":\"\",\"version\":\"1\"}",
                "{\"key\":\"k2\",\"value\":\"\",\"expiration\":-1}",
                "{\"key\":\"k2\",\"value\":\"\",\"metadata\":\"" + "m".repeat(1_100) + "\"}",
                "{\"key\":\"k2\",\"value\":\"\",\"colour\":1}",
                "{\"key\":\"k\",\"value\":\"\"}",
                "{\"holdfast_export\":2}")) {
            Reply refused = server.data("PUT", to + "/import", good + wrong);
            assertThat(refused.code()).as(wrong).isEqualTo("bad-line");
            assertThat(refused.text()).contains("Line 2: ");
        }
        assertThat(keys(export(to))).isEmpty();
        JsonNode counts = imported(to, "", good + "\n" + past);
        assertThat(counts.get("expired").asInt()).isEqualTo(1);
        assertThat(counts.get("lines").asInt()).isEqualTo(2);
    }

    @Test
    void exportNeedsReadAndListAndImportNeedsWrite() throws Exception {
        String id = from.substring(from.lastIndexOf('/') + 1);
        String reader = server.token(id, "read", "list");
        String writer = server.token(id, "write");
        assertThat(server.send(server.dataPort(), reader, "GET", from + "/export", null)
                        .status())
                .isEqualTo(200);
        assertThat(server.send(server.dataPort(), server.token(id, "read"), "GET", from + "/export", null)
                        .status())
                .isEqualTo(403);
        assertThat(server.send(server.dataPort(), writer, "GET", from + "/export", null)
                        .status())
                .isEqualTo(403);
        assertThat(server.send(server.dataPort(), reader, "POST", from + "/import", null)
                        .status())
                .isEqualTo(403);
        assertThat(server.send(server.dataPort(), writer, "POST", from + "/import", null)
                        .status())
                .isEqualTo(200);
        assertThat(server.send(server.dataPort(), writer, "PUT", from + "/import", "")
                        .status())
                .isEqualTo(200);
        assertThat(server.send(server.dataPort(), reader, "GET", from + "/export?keys_per_second=0", null)
                        .code())
                .isEqualTo("bad-rate");
    }

    @Test
    void aLineThatSaysWhatItReplacesWritesOverNothingElse() throws Exception {
        String at = server.data("POST", to + "/import", null).json().get("at").asString();
        put(to, "mine", "v");
        put(to, "deleted", "v");
        server.data("DELETE", value(to, "deleted"), null);
        String lines = "";
        for (String key : List.of("deleted", "mine", "new")) {
            lines += "{\"key\":\"" + key + "\",\"version\":\"" + at
                    + "\",\"replaces\":\"0000000000000000\",\"value\":\"theirs\"}\n";
        }
        assertThat(imported(to, "?dry_run=true", lines).get("kept").asInt()).isEqualTo(1);
        JsonNode first = imported(to, "?versions=true", lines);
        assertThat(first.get("kept").asInt()).isEqualTo(1);
        assertThat(first.get("skipped").asInt()).isEqualTo(2);
        assertThat(first.get("versions").toString()).isEqualTo("[null,null,\"" + at + "\"]");
        assertThat(server.data("GET", value(to, "mine"), null).text()).isEqualTo("v");
        assertThat(server.data("GET", value(to, "deleted"), null).status()).isEqualTo(404);

        String next = "{\"key\":\"new\",\"replaces\":\"" + at + "\",\"value\":\"next\"}";
        assertThat(imported(to, "?versions=true", next).get("restamped").asInt())
                .isEqualTo(1);
        assertThat(imported(to, "?versions=true", next).get("versions").toString())
                .isEqualTo("[null]");
        server.data("DELETE", value(to, "new"), null);
        assertThat(imported(to, "", next).get("skipped").asInt()).isEqualTo(1);
        assertThat(imported(to, "", lines).get("skipped").asInt())
                .as("deleted since")
                .isEqualTo(3);
    }
}
