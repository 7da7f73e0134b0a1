package dev.holdfast.server.binding;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.admission.Gate;
import dev.holdfast.engine.admission.StoredUse.Stored;
import dev.holdfast.engine.kv.Namespace.Policy;
import dev.holdfast.engine.kv.Quota;
import dev.holdfast.server.compat.TestServer;
import dev.holdfast.server.http.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The binding protocol, case by case, as docs/binding.md tells it: requests are as workerd sends them. */
class BindingDoorTest {
    private static final String FIRST = "X-Holdfast-Namespace: first";

    @TempDir
    Path folder;

    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer(folder);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private RawClient.Answer send(String method, String target, String body, String... headers) throws IOException {
        String[] all = java.util.Arrays.copyOf(headers, headers.length + 1);
        all[headers.length] = FIRST;
        return server.send(method, target, body, all);
    }

    @Test
    void aNamespaceWhoseGateIsClosedAnswersNothingAndSaysWhyInTheStatusLine() throws IOException {
        send("PUT", "/k", "v");
        server.gates.set(server.first.id(), Gate.CLOSED, "me", "a test");
        RawClient.Answer refused = send("GET", "/k", "");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.reason()).contains("closed", "a test");
        assertThat(refused.headers().get("retry-after")).isEqualTo("5");
        server.gates.set(server.first.id(), Gate.OPEN, "me", "");
        assertThat(send("GET", "/k", "").status()).isEqualTo(200);
    }

    @Test
    void aNamespaceOverItsQuotaIsRefusedWithItsReasonInTheStatusLine() throws IOException {
        send("PUT", "/k", "v");
        server.namespaces.setPolicy(server.first.id(), Policy.DEFAULT.withQuota(new Quota(1, 10, 0)));
        RawClient.Answer refused = send("GET", "/k", "");
        while (refused.status() == 200) {
            refused = send("GET", "/k", "");
        }
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.reason()).contains("first", "1 requests a second");
        assertThat(Integer.parseInt(refused.headers().get("retry-after"))).isBetween(1, 5);
        server.stored = new Stored(true, 10, 100, 10, 100);
        assertThat(send("PUT", "/other", "v").reason()).contains("holds 10 keys");
    }

    /** One line a case; NOW for seconds since the epoch, a bar for a comma. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                // 1. decoding; 2. keys
                "GET;/%zz?urlencoded=true;~;400;Could not URL-decode key name",
                "GET;/%ff?urlencoded=TRUE;~;400;Could not URL-decode key name",
                "PUT;/?urlencoded=true;v;400;Key names must not be empty",
                "DELETE;/?urlencoded=true;~;400;Key names must not be empty",
                "GET;/.?urlencoded=true;~;400;Illegal key name \".\". Please use a different name.",
                "GET;/..?urlencoded=true;~;400;Illegal key name \"..\". Please use a different name.",
                "PUT;/%2E%2e?urlencoded=true;v;400;Illegal key name \"..\". Please use a different name.",
                "DELETE;/..;~;400;Illegal key name \"..\". Please use a different name.",
                "GET;/LONG;~;414;UTF-8 encoded length of 513 exceeds key length limit of 512.",
                // 3. get
                "GET;/none?urlencoded=true;~;404;Not Found",
                "GET;/k?cache_ttl=29;~;400;Invalid cache_ttl of 29. Cache TTL must be at least 30.",
                "GET;/k?cache_ttl=soon;~;400;Invalid cache_ttl of NaN. Cache TTL must be at least 30.",
                "GET;/k?cache_ttl=;~;400;Invalid cache_ttl of NaN. Cache TTL must be at least 30.",
                "GET;/..?cache_ttl=1;~;400;Illegal key name \"..\". Please use a different name.",
                // 4. put
                "PUT;/k?expiration_ttl=nan;v;400;Invalid expiration_ttl of nan. Please specify integer greater than 0.",
                "PUT;/k?expiration_ttl=;v;400;Invalid expiration_ttl of . Please specify integer greater than 0.",
                "PUT;/k?expiration_ttl=0;v;400;Invalid expiration_ttl of 0. Please specify integer greater than 0.",
                "PUT;/k?expiration_ttl=-5;v;400;Invalid expiration_ttl of -5. Please specify integer greater than 0.",
                "PUT;/k?expiration_ttl=59;v;400;Invalid expiration_ttl of 59. Expiration TTL must be at least 60.",
                "PUT;/k?expiration=1&expiration_ttl=59.9;v;400;Invalid expiration_ttl of 59.9. Expiration TTL must be"
                        + " at least 60.",
                "PUT;/k?expiration=x;v;400;Invalid expiration of x. Please specify integer greater than the current"
                        + " number of seconds since the UNIX epoch.",
                "PUT;/k?expiration=1;v;400;Invalid expiration of 1. Please specify integer greater than the current"
                        + " number of seconds since the UNIX epoch.",
                "PUT;/k?expiration=NOW+30;v;400;Invalid expiration of NOW+30. Expiration times must be at least 60"
                        + " seconds in the future.",
                // 5. list
                "GET;/?key_count_limit=0;~;400;Invalid key_count_limit of 0. Please specify an integer greater than 0.",
                "GET;/?key_count_limit=x;~;400;Invalid key_count_limit of NaN. Please specify an integer greater than"
                        + " 0.",
                "GET;/?key_count_limit=1001;~;400;Invalid key_count_limit of 1001. Please specify an integer less than"
                        + " 1000.",
                "GET;/?prefix=LONG;~;414;UTF-8 encoded length of 513 exceeds key length limit of 512.",
                "GET;/?cursor=%25;~;400;invalid \"list keys\" cursor",
                // 6. bulk get
                "POST;/bulk/get;{\"keys\":[]|\"type\":\"arrayBuffer\"};400;\"arrayBuffer\" is not a valid type. Use"
                        + " \"json\" or \"text\"",
                "POST;/bulk/get;{\"keys\":[]};400;You must request a minimum of 1 key",
                "POST;/bulk/get;{\"keys\":[\".\"]|\"cacheTtl\":\"1\"};400;Illegal key name \".\". Please use a"
                        + " different name.",
                "POST;/bulk/get;{\"keys\":[\"k\"]|\"cacheTtl\":\"1\"};400;Invalid cache_ttl of 1. Cache TTL must be at"
                        + " least 30.",
                "POST;/bulk/get;{\"keys\":\"k\"};400;the body must be a JSON object with \"keys\"| an array of strings",
                // 7. no route
                "POST;/k;~;404;~",
                "PATCH;/k;~;405;~",
            })
    void badRequestsAreRefusedInTheStatusLineAndInTheBody(
            String method, String target, String body, int status, String text) throws IOException {
        String now = Long.toString(System.currentTimeMillis() / 1000 + 30);
        String longKey = "k".repeat(513);
        RawClient.Answer answer = send(
                method,
                target.replace("NOW+30", now).replace("LONG", longKey),
                body.equals("~") ? "" : body.replace('|', ','));
        String expected = text.equals("~") ? "" : text.replace("NOW+30", now).replace('|', ',');
        assertThat(answer.text()).isEqualTo(expected);
        assertThat(answer.status()).isEqualTo(status);
        if (!expected.isEmpty()) {
            assertThat(answer.reason()).isEqualTo(expected);
        }
        assertThat(server.store.writes.get()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "/a%2Fb:c%3Fd%20e%25%C3%A9%F0%9F%98%80+&=%23;/a%2Fb%3Ac%3Fd%20e%25%C3%A9%F0%9F%98%80%2B%26%3D%23;a/b:c?d"
                    + " e%é😀+&=#",
                "/k;/%6B;k",
                "/...;/...;...",
                "/%00;/%00;\\u0000",
                "/bulk%2Fget;/bulk%2Fget;bulk/get",
            })
    void keysAreTheSameHoweverTheyAreEncoded(String put, String delete, String key) throws IOException {
        assertThat(send("PUT", put + "?urlencoded=true", "v").status()).isEqualTo(200);
        assertThat(send("GET", put + "?urlencoded=true&cache_ttl=30", "").text())
                .isEqualTo("v");
        assertThat(send("GET", "/", "").text())
                .isEqualTo("{\"keys\":[{\"name\":\"" + key + "\"}],\"list_complete\":true}");
        assertThat(send("DELETE", delete + "?urlencoded=true", "", "Content-Length: 0")
                        .status())
                .isEqualTo(200);
        assertThat(send("GET", put + "?urlencoded=true", "").status()).isEqualTo(404);
        assertThat(send("DELETE", put + "?urlencoded=true", "").status()).isEqualTo(200);
    }

    @Test
    void aPathWithoutTheFlagIsTheKeyAsItIs() throws IOException {
        send("PUT", "/a%20b", "v");
        assertThat(send("GET", "/", "").text()).contains("\"name\":\"a%20b\"");
    }

    @Test
    void metadataTravelsAsRawUtf8AndIsListedAsAString() throws IOException {
        String metadata = "{\"é\":\"🤓\",\"n\":[1, 2.50]}";
        String header = "CF-KV-Metadata: " + new String(metadata.getBytes(UTF_8), ISO_8859_1);
        try (RawClient client = new RawClient(server.port())) {
            client.send("PUT /k?urlencoded=true&expiration=9999999999 HTTP/1.1\r\nHost: fake-host\r\n" + FIRST
                    + "\r\nAuthorization: Bearer good\r\n" + header + "\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(200);
        }
        RawClient.Answer answer = send("GET", "/k", "");
        assertThat(answer.text()).isEqualTo("abcde");
        assertThat(new String(answer.headers().get("cf-kv-metadata").getBytes(ISO_8859_1), UTF_8))
                .isEqualTo(metadata);
        assertThat(answer.headers().get("cf-expiration")).isEqualTo("9999999999");
        assertThat(answer.headers()).containsEntry("age", "0").containsKey("cf-cache-status");
        assertThat(answer.headers()).doesNotContainKey("content-encoding");
        assertThat(send("GET", "/", "").text())
                .isEqualTo("{\"keys\":[{\"name\":\"k\",\"expiration\":9999999999,\"metadata\":\""
                        + metadata.replace("\"", "\\\"") + "\"}],\"list_complete\":true}");
        send("PUT", "/k", "v", "CF-KV-Metadata: \"str\"");
        assertThat(send("GET", "/", "").text()).contains("\"metadata\":\"\\\"str\\\"\"");
        send("PUT", "/k", "v");
        assertThat(send("GET", "/k", "").headers()).doesNotContainKeys("cf-kv-metadata", "cf-expiration");
    }

    @Test
    void badMetadataIsRefused() throws IOException {
        String tooLong = "\"" + "x".repeat(1023) + "\"";
        assertThat(send("PUT", "/k", "v", "CF-KV-Metadata: " + tooLong).reason())
                .isEqualTo("Metadata length of 1025 exceeds limit of 1024.");
        assertThat(send("PUT", "/k", "v", "CF-KV-Metadata: " + tooLong).status())
                .isEqualTo(413);
        assertThat(send("PUT", "/k", "v", "CF-KV-Metadata: {a").status()).isEqualTo(400);
        assertThat(server.store.writes.get()).isZero();
        assertThat(send("PUT", "/k", "v", "CF-KV-Metadata: \"" + "x".repeat(1022) + "\"")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aValueTooLargeIsRefusedWithItsLength() throws IOException {
        RawClient.Answer declared = server.send("PUT", "/k", new byte[26_214_401], FIRST, "Expect: 100-continue");
        assertThat(declared.status()).isEqualTo(413);
        assertThat(declared.reason()).isEqualTo("Value length of 26214401 exceeds limit of 26214400.");
        byte[] chunk = ("100000\r\n" + "x".repeat(0x100000) + "\r\n").getBytes(ISO_8859_1);
        try (RawClient client = new RawClient(server.port())) {
            client.send("PUT /k HTTP/1.1\r\nHost: x\r\n" + FIRST
                    + "\r\nAuthorization: Bearer good\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 26; i++) {
                client.send(chunk);
            }
            RawClient.Answer streamed = client.send("0\r\n\r\n").read();
            assertThat(streamed.status()).isEqualTo(413);
            assertThat(streamed.reason()).isEqualTo("Value length of 27262976 exceeds limit of 26214400.");
        }
        assertThat(server.store.writes.get()).isZero();
    }

    @Test
    void listingGoesOnWhereItStopped() throws IOException {
        for (String key : new String[] {"me1", "me2", "me3", "other"}) {
            send("PUT", "/" + key, "v");
        }
        assertThat(send("GET", "/?key_count_limit=2&prefix=me", "").text())
                .isEqualTo(
                        "{\"keys\":[{\"name\":\"me1\"},{\"name\":\"me2\"}],\"list_complete\":false,\"cursor\":\"bWUy\"}");
        assertThat(send("GET", "/?key_count_limit=2&prefix=me&cursor=bWUy", "").text())
                .isEqualTo("{\"keys\":[{\"name\":\"me3\"}],\"list_complete\":true}");
        assertThat(send("GET", "/?prefix=&cursor=", "").text()).contains("other");
    }

    @Test
    void bulkGetAnswersForEveryKey() throws IOException {
        send("PUT", "/a", "text", "CF-KV-Metadata: {\"m\":1}");
        send("PUT", "/b", "{\"x\": 1}");
        assertThat(send("POST", "/bulk/get", "{\"keys\":[\"a\",\"none\"],\"cacheTtl\":\"300\"}")
                        .text())
                .isEqualTo("{\"a\":\"text\",\"none\":null}");
        assertThat(send("POST", "/bulk/get", "{\"keys\":[\"b\"],\"type\":\"json\",\"withMetadata\":false}")
                        .text())
                .isEqualTo("{\"b\":{\"x\": 1}}");
        assertThat(send("POST", "/bulk/get", "{\"keys\":[\"a\",\"b\",\"none\"],\"withMetadata\":true}")
                        .text())
                .isEqualTo("{\"a\":{\"value\":\"text\",\"metadata\":{\"m\":1}},"
                        + "\"b\":{\"value\":\"{\\\"x\\\": 1}\",\"metadata\":null},\"none\":null}");
        assertThat(send("POST", "/bulk/get", "{\"keys\":[\"a\"],\"type\":\"json\"}")
                        .reason())
                .isEqualTo("At least one of the requested keys corresponds to a non-json value");
        String many = IntStream.range(0, 101).mapToObj(i -> "\"" + i + "\"").collect(Collectors.joining(","));
        assertThat(send("POST", "/bulk/get", "{\"keys\":[" + many + "]}").reason())
                .isEqualTo("You can request a maximum of 100 keys");
    }

    @Test
    void aNamespaceIsNamedByHeaderHostOrPath() throws IOException {
        send("PUT", "/k", "v");
        String id = server.first.id().toString();
        assertThat(server.send("GET", "/k", "", "X-Holdfast-Namespace: " + id).text())
                .isEqualTo("v");
        assertThat(server.send("GET", "/kv/" + id + "/k?urlencoded=true", "").text())
                .isEqualTo("v");
        assertThat(server.send("GET", "/kv/" + id, "").text()).contains("\"name\":\"k\"");
        assertThat(server.send("GET", "/kv/" + id + "/", "").text()).contains("\"name\":\"k\"");
        String host = "GET /k HTTP/1.1\r\nHost: " + id + ".kv.local:4653\r\nAuthorization: Bearer good\r\n\r\n";
        assertThat(RawClient.once(server.port(), host).text()).isEqualTo("v");
        server.made("ünlike");
        String title = new String("X-Holdfast-Namespace: ünlike".getBytes(UTF_8), ISO_8859_1);
        assertThat(server.send("GET", "/", "", title).text()).isEqualTo("{\"keys\":[],\"list_complete\":true}");
        // The header goes before everything: the rest of the path is the key.
        send("PUT", "/client/v4/accounts/x", "v2");
        assertThat(send("GET", "/", "").text()).contains("client/v4/accounts/x");
    }

    @ParameterizedTest
    @CsvSource({
        "X-Holdfast-Namespace: none,/k,'Namespace \"none\" not found'",
        "X-Holdfast-Namespace: ffffffffffffffffffffffffffffffff,/k,'Namespace \"ffffffffffffffffffffffffffffffff\" not"
                + " found'",
        "X-Holdfast-Namespace: 00000000000000000000000000000000,/k,'Namespace \"00000000000000000000000000000000\" not"
                + " found'",
        "X-Other: x,/kv/first/k,'Namespace \"first\" not found'",
    })
    void anUnknownNamespaceDoesNotLookLikeAMissingKey(String header, String path, String text) throws IOException {
        RawClient.Answer answer = server.send("GET", path, "", header);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.reason()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "Authorization,401,'Missing X-Auth-Key, X-Auth-Email or Authorization headers'",
        "Authorization: Bearer bad,401,Authentication error",
        "Authorization: Basic x,401,Invalid format for Authorization header",
    })
    void callersWithoutAGoodTokenAreRefused(String header, int status, String text) throws IOException {
        RawClient.Answer answer = send("GET", "/k", "", header);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.reason()).isEqualTo(text);
    }

    /** 1 and 2 stand for the namespaces. */
    @ParameterizedTest
    @CsvSource({
        "first-read,GET,/kv/1/k,404",
        "first-read,POST,/kv/1/bulk/get,200",
        "first-read,GET,/kv/1/,403",
        "first-read,PUT,/kv/1/k,403",
        "first-read,DELETE,/kv/1/k,403",
        "first-list,GET,/kv/1/,200",
        "first-list,GET,/kv/1/k,403",
        "first-list,POST,/kv/1/bulk/get,403",
        "first-write,PUT,/kv/1/k,200",
        "first-write,DELETE,/kv/1/k,200",
        "first-write,GET,/kv/1/k,403",
        "first-all,GET,/kv/2/k,403",
        "first-all,GET,/kv/2/,403",
        "first-all,PUT,/kv/2/k,403",
        "first-all,DELETE,/kv/2/k,403",
        "first-all,POST,/kv/2/bulk/get,403",
        "first-all,GET,/kv/ffffffffffffffffffffffffffffffff/k,403",
    })
    void aTokensScopeHolds(String token, String method, String path, int status) throws IOException {
        String target =
                path.replace("/1/", "/" + server.first.id() + "/").replace("/2/", "/" + server.second.id() + "/");
        RawClient.Answer answer = server.send(
                method, target, method.equals("POST") ? "{\"keys\":[\"a\"]}" : "", "Authorization: Bearer " + token);
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        if (status == 403) {
            assertThat(answer.reason()).isEqualTo("Authentication error");
            assertThat(server.store.writes.get()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"GET,/k,''", "GET,/,''", "PUT,/k,v", "DELETE,/k,''", "POST,/bulk/get,'{\"keys\":[\"k\"]}'"})
    void aStoreInTroubleIs503(String method, String path, String body) throws IOException {
        server.store.noReads = TestServer.NO_PROVIDER;
        server.store.noWrites = TestServer.NO_PROVIDER;
        RawClient.Answer answer = send(method, path, body);
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.reason()).isEqualTo("service temporarily unavailable: no provider can be reached");
        assertThat(answer.headers().get("retry-after")).isEqualTo("1");
    }

    @ParameterizedTest
    @CsvSource({"GET,/k,''", "GET,/,''", "POST,/bulk/get,'{\"keys\":[\"k\"]}'"})
    void anUnconfirmedAbsenceIsNever404(String method, String path, String body) throws IOException {
        server.store.confirmed = false;
        assertThat(send(method, path, body).status()).isEqualTo(503);
    }

    @Test
    void anUnknownOutcomeIs504() throws IOException {
        server.store.unknownWrites = TestServer.NO_PROVIDER;
        assertThat(send("PUT", "/k", "v").status()).isEqualTo(504);
    }
}
