package dev.holdfast.server.rest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.server.compat.TestServer;
import dev.holdfast.server.http.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** REST v4, case by case, as docs/rest-v4.md tells it. */
class RestDoorTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String ROOM = "/client/v4/accounts/" + TestServer.ACCOUNT + "/storage/kv/namespaces";
    private static final String FORM = "Content-Type: multipart/form-data; boundary=xx";

    @TempDir
    Path folder;

    private TestServer server;
    private String ns;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer(folder);
        ns = ROOM + "/" + server.first.id();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private RawClient.Answer send(String method, String target, String body, String... headers) throws IOException {
        return server.send(method, target, body, headers);
    }

    private static JsonNode json(RawClient.Answer answer) {
        assertThat(answer.headers().get("content-type")).isEqualTo("application/json");
        JsonNode json = JSON.readTree(answer.body());
        assertThat(json.propertyNames()).contains("result", "success", "errors", "messages");
        assertThat(json.get("success").asBoolean()).isEqualTo(answer.status() == 200);
        return json;
    }

    private JsonNode result(String method, String target, String body, String... headers) throws IOException {
        RawClient.Answer answer = send(method, target, body, headers);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return json(answer).get("result");
    }

    private static void assertError(RawClient.Answer answer, int status, int code, String text) {
        JsonNode error = json(answer).get("errors").get(0);
        assertThat(error.get("message").asString()).isEqualTo(text);
        assertThat(error.get("code").asInt()).isEqualTo(code);
        assertThat(answer.status()).isEqualTo(status);
    }

    /** One line a case; ~ stands for nothing, N for a namespace, A for the account, a bar for a comma. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                // route and method
                "GET;/client/v4/accounts/x/storage/kv/namespaces;~;404;7003;Could not route to"
                        + " /accounts/x/storage/kv/namespaces, perhaps your object identifier is invalid?",
                "GET;/client/v4/accounts/A/workers/namespaces;~;404;7003;Could not route to"
                        + " /accounts/A/workers/namespaces, perhaps your object identifier is invalid?",
                "GET;N/values/;~;404;7003;Could not route to N/values/, perhaps your object identifier is invalid?",
                "DELETE;/client/v4/accounts/A/storage/kv/namespaces;~;405;10000;DELETE method not allowed for the"
                        + " api_token authentication scheme",
                "HEAD;N/values/k;~;405;0;~",
                "PATCH;N;~;405;10000;PATCH method not allowed for the api_token authentication scheme",
                // namespaces
                "GET;M/xyz;~;400;10011;could not parse UUID from request's namespace_id: 'uuid: incorrect UUID length:"
                        + " xyz'",
                "GET;M/0000000000000000000000000000000g;~;400;10011;could not parse UUID from request's namespace_id:"
                        + " 'uuid: incorrect UUID format: 0000000000000000000000000000000g'",
                "GET;M/00000000000000000000000000000000;~;404;10013;get namespace: 'namespace not found'",
                "GET;M/ffffffffffffffffffffffffffffffff;~;404;10013;get namespace: 'namespace not found'",
                "GET;M/ffffffffffffffffffffffffffffffff/keys;~;404;10013;get namespace: 'namespace not found'",
                "PUT;M/ffffffffffffffffffffffffffffffff/values/k;v;404;10013;get namespace: 'namespace not found'",
                "DELETE;M/ffffffffffffffffffffffffffffffff;~;404;10013;namespace not found",
                "POST;M;{\"title\":\"second\"};400;10014;a namespace with this account ID and title already exists",
                "PUT;N;{\"title\":\"second\"};400;10014;a namespace with this account ID and title already exists",
                "POST;M;{\"title\":\"\"};400;10019;title is required",
                "PUT;N;{\"title\":\" \"};400;10019;title is required",
                "POST;M;{};400;10019;title is required",
                "POST;M;{\"title\":5};400;10012;the body must be a JSON object with \"title\", a string",
                "POST;M;[];400;10012;the body must be a JSON object with \"title\", a string",
                "POST;M;{\"title\":\"a\"} x;400;10012;the body must be a JSON object with \"title\", a string",
                "POST;M;~;400;10012;the body must be a JSON object with \"title\", a string",
                "POST;M;{\"title\":\"a\"|\"jurisdiction\":\"mars\"};400;10029;jurisdiction must be us, eu or fedramp",
                "POST;M;{\"title\":\"a\"|\"mode\":\"slow\"};400;10029;mode must be instant",
                "GET;M?page=0;~;400;10007;malformed page argument: it must be a number at least 1",
                "GET;M?page=x;~;400;10007;malformed page argument: it must be a number at least 1",
                "GET;M?per_page=1001;~;400;10008;malformed per_page argument: it must be a number from 1 to 1000",
                "GET;M?order=x;~;400;10043;invalid order: it must be id or title",
                "GET;M?direction=x;~;400;10044;invalid direction: it must be asc or desc",
                // keys and values
                "GET;N/values/none;~;404;10009;get: 'key not found'",
                "GET;N/metadata/none;~;404;10009;metadata: 'key not found'",
                "GET;N/values/.;~;400;10042;Illegal key name \".\". Please use a different name.",
                "PUT;N/values/%2E%2E;v;400;10042;Illegal key name \"..\". Please use a different name.",
                "PUT;N/values/%zz;v;400;10042;Could not URL-decode key name",
                "PUT;N/values/%ff;v;400;10042;Could not URL-decode key name",
                "PUT;N/values/LONG;v;414;10030;UTF-8 encoded length of 513 exceeds key length limit of 512.",
                "GET;N/keys?limit=9;~;400;10028;limit argument must be at least 10",
                "GET;N/keys?limit=1001;~;400;10028;limit argument must be at most 1000",
                "GET;N/keys?limit=ten;~;400;10028;limit argument must be a number",
                "GET;N/keys?cursor=%25;~;400;10041;invalid \"list keys\" cursor",
                "PUT;N/values/k?expiration_ttl=1;v;400;10034;Invalid expiration_ttl of 1. Expiration TTL must be at"
                        + " least 60.",
                "PUT;N/values/k?expiration_ttl=61.5;v;400;10034;Invalid expiration_ttl of 61.5. Please specify integer"
                        + " greater than 0.",
                "PUT;N/values/k?expiration_ttl=-60;v;400;10034;Invalid expiration_ttl of -60. Please specify integer"
                        + " greater than 0.",
                "PUT;N/values/k?expiration=1;v;400;10033;Invalid expiration of 1. Please specify integer greater than"
                        + " the current number of seconds since the UNIX epoch.",
                "PUT;N/values/k?expiration=soon;v;400;10033;Invalid expiration of soon. Please specify integer greater"
                        + " than the current number of seconds since the UNIX epoch.",
                // bulk
                "PUT;N/bulk;{};400;10012;the bulk body is not as it should be: it is no array",
                "PUT;N/bulk;[5];400;10012;the bulk body is not as it should be: an element is no object",
                "PUT;N/bulk;[{\"key\":\"a\"}];400;10012;the bulk body is not as it should be: an element lacks \"key\""
                        + " or \"value\"",
                "PUT;N/bulk;[{\"key\":\"a\"|\"value\":5}];400;10012;the bulk body is not as it should be: \"value\" is"
                        + " no string",
                "PUT;N/bulk;[{\"key\":\"a\"|\"value\":\"!\"|\"base64\":true}];400;10012;the value of \"a\" is not"
                        + " base64",
                "PUT;N/bulk;[{\"key\":\".\"|\"value\":\"\"}];400;10042;Illegal key name \".\". Please use a different"
                        + " name.",
                "PUT;N/bulk;[{\"key\":\"\"|\"value\":\"\"}];400;10042;Key names must not be empty",
                "PUT;N/bulk;[{\"key\":\"a\"|\"value\":\"v\"|\"expiration_ttl\":59}];400;10034;Invalid expiration_ttl"
                        + " of 59. Expiration TTL must be at least 60.",
                "PUT;N/bulk;[{\"key\":\"a\"|\"value\":\"v\"|\"expiration\":59}];400;10033;Invalid expiration of 59."
                        + " Please specify integer greater than the current number of seconds since the UNIX epoch.",
                "PUT;N/bulk;[{\"key\":\"d\"|\"value\":\"1\"}|{\"key\":\"d\"|\"value\":\"2\"}];400;10029;received"
                        + " duplicate key with different values or expiration parameters: \"d\"",
                "PUT;N/bulk;[{\"key\":\"\\ud800\"|\"value\":\"\"}];400;10012;a string holds half of a surrogate pair,"
                        + " which no UTF-8 stands for",
                "POST;N/bulk/delete;[5];400;10012;the bulk body is not as it should be: an element is no string",
                "DELETE;N/bulk;{};400;10012;the bulk body is not as it should be: it is no array",
                "POST;N/bulk/get;{\"keys\":[]};400;10029;You must request a minimum of 1 key",
                "POST;N/bulk/get;[];400;10012;the body must be a JSON object with \"keys\", an array of strings",
                "POST;N/bulk/get;{\"keys\":[\"a\"]|\"type\":\"stream\"};400;10029;\"stream\" is not a valid type. Use"
                        + " \"json\" or \"text\"",
            })
    void badRequestsAreRefusedAsCloudflareRefusesThem(
            String method, String target, String body, int status, int code, String text) throws IOException {
        String sent = body.equals("~") ? "" : body.replace('|', ',');
        RawClient.Answer answer = null;
        if (method.equals("HEAD")) {
            try (RawClient client = new RawClient(server.port())) {
                answer = client.send(
                                "HEAD " + path(target) + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\n\r\n")
                        .readHead();
            }
            assertThat(answer.status()).isEqualTo(status);
        } else {
            answer = send(method, path(target), sent);
            assertError(answer, status, code, path(text).replace("/client/v4", ""));
        }
        assertThat(server.store.writes.get()).isZero();
    }

    private String path(String text) {
        return text.replaceFirst("^M", ROOM)
                .replaceFirst("^N", ns)
                .replaceFirst("route to N", "route to " + ns)
                .replace("/A/", "/" + TestServer.ACCOUNT + "/")
                .replace("LONG", "k".repeat(513));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "Authorization;400;9106;Missing X-Auth-Key, X-Auth-Email or Authorization headers;0;~",
                "Authorization: Basic eDp5;400;6003;Invalid request headers;6111;Invalid format for Authorization"
                        + " header",
                "Authorization: Bearer bad;401;10000;Authentication error;0;~",
            })
    void callersWithoutAGoodTokenAreRefused(
            String header, int status, int code, String text, int chained, String detail) throws IOException {
        RawClient.Answer answer = send("GET", ns + "/values/k", "", header);
        assertError(answer, status, code, text);
        JsonNode chain = json(answer).get("errors").get(0).get("error_chain");
        assertThat(chain == null ? 0 : chain.get(0).get("code").asInt()).isEqualTo(chained);
    }

    @Test
    void malformedKeyAndEmailHeadersAreTold() throws IOException {
        String email = send("GET", ns, "", "Authorization", "X-Auth-Email: a@b").text();
        assertThat(email).contains("\"code\":6103,\"message\":\"Invalid format for X-Auth-Key header\"");
        String key = send("GET", ns, "", "Authorization", "X-Auth-Key: a").text();
        assertThat(key).contains("\"code\":6102,\"message\":\"Invalid format for X-Auth-Email header\"");
    }

    /** Tokens of one permission in the first namespace, on every call; 1 and 2 stand for the namespaces. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "first-read;GET;1/values/none;404",
                "first-read;GET;1/metadata/none;404",
                "first-read;POST;1/bulk/get;200",
                "first-read;GET;1;200",
                "first-read;GET;1/keys;403",
                "first-read;PUT;1/values/k;403",
                "first-read;DELETE;1/values/k;403",
                "first-read;PUT;1/bulk;403",
                "first-read;DELETE;1/bulk;403",
                "first-read;POST;1/bulk/delete;403",
                "first-read;PUT;1;403",
                "first-read;DELETE;1;403",
                "first-list;GET;1/keys;200",
                "first-list;GET;1/values/k;403",
                "first-write;PUT;1/values/k;200",
                "first-write;GET;1/values/k;403",
                "first-write;POST;1/bulk/get;403",
                "first-all;POST;;403",
                "first-all;GET;2;403",
                "first-all;GET;2/values/k;403",
                "first-all;GET;2/keys;403",
                "first-all;PUT;2/values/k;403",
                "first-all;DELETE;2;403",
                "first-all;GET;ffffffffffffffffffffffffffffffff;403",
                "first-all;PUT;1;200",
                "first-all;DELETE;1;200",
            })
    void aTokensScopeHolds(String token, String method, String target, int status) throws IOException {
        String path = target == null
                ? ROOM
                : ROOM + "/"
                        + target.replaceFirst("^1", server.first.id().toString())
                                .replaceFirst("^2", server.second.id().toString());
        String body = method.equals("POST") ? "{\"keys\":[\"a\"]}" : method.equals("PUT") ? "{\"title\":\"t\"}" : "";
        RawClient.Answer answer = send(method, path, body, "Authorization: Bearer " + token);
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        if (status == 403) {
            assertError(answer, 403, 10000, "Authentication error");
            assertThat(server.store.writes.get()).isZero();
        }
    }

    @Test
    void aListOfNamespacesShowsOnlyThoseInScope() throws IOException {
        assertThat(result("GET", ROOM, "", "Authorization: Bearer first-read")).hasSize(1);
        assertThat(result("GET", ROOM, "")).hasSize(2);
    }

    @Test
    void namespacesAreMadeShownRenamedAndDeleted() throws IOException {
        JsonNode made = result("POST", ROOM, "{\n  \"title\": \"my-ns\", \"jurisdiction\": \"eu\", \"other\": [1]\n}");
        String id = made.get("id").asString();
        assertThat(made.toString())
                .isEqualTo("{\"id\":\"" + id
                        + "\",\"title\":\"my-ns\",\"supports_url_encoding\":true,\"jurisdiction\":\"eu\"}");
        assertThat(result("GET", ROOM + "/" + id, "")).isEqualTo(made);
        assertThat(result("PUT", ROOM + "/" + id, "{\"title\":\"new\"}")
                        .get("title")
                        .asString())
                .isEqualTo("new");
        assertThat(result("DELETE", ROOM + "/" + id, "{\"tolerated\":true}").isNull())
                .isTrue();
        assertError(send("GET", ROOM + "/" + id, ""), 404, 10013, "get namespace: 'namespace not found'");
        assertThat(folder.resolve("audit.log"))
                .content()
                .contains("namespace.create", "namespace.rename", "namespace.delete", "\"outcome\":\"done\"");
    }

    @Test
    void namespacesArePagedAndPagesEnd() throws IOException {
        for (int i = 0; i < 5; i++) {
            server.made("n" + (9 - i));
        }
        JsonNode page = json(send("GET", ROOM + "?per_page=3&page=2&order=title&direction=desc", ""));
        assertThat(page.get("result").valueStream().map(n -> n.get("title").asString()))
                .containsExactly("n7", "n6", "n5");
        assertThat(page.get("result_info").toString())
                .isEqualTo("{\"page\":2,\"per_page\":3,\"count\":3,\"total_count\":7,\"total_pages\":3}");
        assertThat(result("GET", ROOM + "?per_page=3&page=4", "")).isEmpty();
        assertThat(result("GET", ROOM + "?per_page=1000&page=9007199254740991", ""))
                .isEmpty();
        assertThat(result("GET", ROOM, "").valueStream().map(n -> n.get("id").asString()))
                .isSorted();
    }

    @Test
    void anAccountSeesItsOwnNamespacesOnly() throws IOException {
        String other = "/client/v4/accounts/" + "f".repeat(32) + "/storage/kv/namespaces";
        assertThat(result("GET", other, "")).isEmpty();
        assertError(
                send("GET", other + "/" + server.first.id() + "/values/k", ""),
                404,
                10013,
                "get namespace: 'namespace not found'");
        String upper = ROOM.replace(TestServer.ACCOUNT, TestServer.ACCOUNT.toUpperCase(java.util.Locale.ROOT));
        assertThat(result("GET", upper, "")).hasSize(2);
    }

    @Test
    void everythingIsAlsoServedWithoutTheVersionPrefix() throws IOException {
        assertThat(result("GET", ROOM.replace("/client/v4", ""), "")).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "k,k",
        "a%2Fb:c%3Fd%20e%25%C3%A9%F0%9F%98%80+&=%23,a/b:c?d e%é😀+&=#",
        "a//b/../c/,a//b/../c/",
        "%00b,'\u0000b'",
        "...,...",
        "bulk,bulk",
    })
    void anyKeyComesBackAsItWasNamed(String path, String key) throws IOException {
        assertThat(result("PUT", ns + "/values/" + path, "v").isNull()).isTrue();
        assertThat(send("GET", ns + "/values/" + path, "").text()).isEqualTo("v");
        assertThat(result("GET", ns + "/keys?prefix=", "").get(0).get("name").asString())
                .isEqualTo(key);
        assertThat(result("DELETE", ns + "/values/" + path, "").isNull()).isTrue();
        assertThat(send("GET", ns + "/values/" + path, "").status()).isEqualTo(404);
        assertThat(result("DELETE", ns + "/values/" + path, "").isNull()).isTrue();
    }

    @Test
    void aBodyIsKeptVerbatimWhateverItsType() throws IOException {
        String json = "{\"value\": \"v\", \"metadata\": {}}";
        result("PUT", ns + "/values/k?expiration_ttl=&expiration=", json, "Content-Type: application/json");
        RawClient.Answer answer = send("GET", ns + "/values/k", "");
        assertThat(answer.text()).isEqualTo(json);
        assertThat(answer.headers().get("content-type")).isEqualTo("application/octet-stream");
        assertThat(answer.headers()).doesNotContainKey("expiration");
        result("PUT", ns + "/values/empty", "");
        assertThat(send("GET", ns + "/values/empty", "").body()).isEmpty();
    }

    @Test
    void aValueOf25MebibytesIsKeptAndOneByteMoreIsNot() throws IOException {
        byte[] large = new byte[26_214_400];
        new Random(1).nextBytes(large);
        assertThat(server.send("PUT", ns + "/values/k", large).status()).isEqualTo(200);
        assertThat(send("GET", ns + "/values/k", "").body()).isEqualTo(large);
        assertError(
                server.send("PUT", ns + "/values/k", new byte[26_214_401]),
                413,
                10024,
                "Value length of 26214401 exceeds limit of 26214400.");
        byte[] form = form(large);
        assertThat(server.send("PUT", ns + "/values/f", form, FORM).status()).isEqualTo(200);
        assertThat(send("GET", ns + "/values/f", "").body()).isEqualTo(large);
        assertError(
                server.send("PUT", ns + "/values/f", form(new byte[26_214_401]), FORM),
                413,
                10024,
                "Value length of 26214401 exceeds limit of 26214400.");
    }

    private static byte[] form(byte[] value) {
        byte[] head =
                "--xx\r\nContent-Disposition: form-data; name=\"value\"; filename=\"blob\"\r\nContent-Type: application/octet-stream\r\n\r\n"
                        .getBytes(ISO_8859_1);
        byte[] tail = "\r\n--xx--\r\n".getBytes(ISO_8859_1);
        byte[] form = new byte[head.length + value.length + tail.length];
        System.arraycopy(head, 0, form, 0, head.length);
        System.arraycopy(value, 0, form, head.length, value.length);
        System.arraycopy(tail, 0, form, head.length + value.length, tail.length);
        return form;
    }

    private static String part(String disposition, String content) {
        return "--xx\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + content + "\r\n";
    }

    @ParameterizedTest
    @CsvSource({"'plain'", "''", "'\r\n'", "'\n--x\r\n--x\n'", "'a\r\n--xy\r\nb'", "'é🤓\r\n\r\n'"})
    void aFormsValueIsKeptToTheByte(String value) throws IOException {
        String form = part("name=\"metadata\"", "{\"é\":\"🤓\",\n\"b\":[1]}")
                + part("name=\"ignored\"", "x")
                + part("name=\"value\"", value)
                + "--xx--\r\n";
        // A line of the value that begins as the boundary does would end the part: the client picks a boundary that is
        // not there.
        String safe = form.replace("--xx", "--boundary\u0001").replace("\u0001", "z");
        result("PUT", ns + "/values/k", safe, "Content-Type: multipart/form-data; boundary=boundaryz");
        assertThat(send("GET", ns + "/values/k", "").text()).isEqualTo(value.replace("--xx", "--boundaryz"));
        assertThat(send("GET", ns + "/metadata/k", "").text()).contains("\"result\":{\"é\":\"🤓\", \"b\":[1]}");
        assertThat(result("GET", ns + "/keys", "").get(0).get("metadata").toString())
                .isEqualTo("{\"é\":\"🤓\",\"b\":[1]}");
    }

    @Test
    void overwritingForgetsMetadataAndExpiration() throws IOException {
        String form = part("name=\"value\"", "v") + part("name=\"metadata\"", "5") + "--xx--\r\n";
        result("PUT", ns + "/values/k?expiration_ttl=60&expiration=1", form, FORM);
        String expiration = send("GET", ns + "/values/k", "").headers().get("expiration");
        assertThat(Long.parseLong(expiration)).isCloseTo(now() + 60, org.assertj.core.data.Offset.offset(5L));
        assertThat(result("GET", ns + "/keys", "").get(0).toString())
                .isEqualTo("{\"name\":\"k\",\"expiration\":" + expiration + ",\"metadata\":5}");
        result("PUT", ns + "/values/k", "v2");
        assertThat(send("GET", ns + "/values/k", "").headers()).doesNotContainKey("expiration");
        assertThat(result("GET", ns + "/metadata/k", "").isNull()).isTrue();
        assertThat(result("GET", ns + "/keys", "").get(0).toString()).isEqualTo("{\"name\":\"k\"}");
    }

    private static long now() {
        return System.currentTimeMillis() / 1000;
    }

    @Test
    void badFormsAreRefused() throws IOException {
        String value = part("name=\"value\"", "v");
        assertError(
                send("PUT", ns + "/values/k", part("name=\"metadata\"", "1") + "--xx--\r\n", FORM),
                400,
                10012,
                "the multipart form cannot be read: it has no field 'value'");
        assertError(
                send("PUT", ns + "/values/k", value, FORM),
                400,
                10012,
                "the multipart form cannot be read: its parts are not divided as its Content-Type says");
        assertError(
                send("PUT", ns + "/values/k", value, "Content-Type: multipart/form-data"),
                400,
                10012,
                "the multipart form cannot be read: its Content-Type names no boundary");
        assertError(
                send("PUT", ns + "/values/k", value + part("name=\"metadata\"", "{a") + "--xx--\r\n", FORM),
                400,
                10047,
                "Metadata must be valid JSON in UTF-8.");
        String long1025 = "\"" + "x".repeat(1023) + "\"";
        assertError(
                send("PUT", ns + "/values/k", value + part("name=\"metadata\"", long1025) + "--xx--\r\n", FORM),
                413,
                10047,
                "Metadata length of 1025 exceeds limit of 1024.");
        assertThat(server.store.writes.get()).isZero();
        result("PUT", ns + "/values/k", value + part("name=\"metadata\"", "") + "--xx--\r\n", FORM);
        assertThat(result("GET", ns + "/metadata/k", "").isNull()).isTrue();
    }

    @Test
    void keysAreListedInOrderPageByPage() throws IOException {
        for (String key : new String[] {"b", "a", "%C3%A9", "Z", "p1", "p2"}) {
            result("PUT", ns + "/values/" + key, "v");
        }
        for (int i = 0; i < 15; i++) {
            result("PUT", ns + "/values/q" + (char) ('a' + i), "v");
        }
        JsonNode first = json(send("GET", ns + "/keys?limit=10&prefix=", ""));
        assertThat(first.get("result_info").get("count").asInt()).isEqualTo(10);
        String cursor = first.get("result_info").get("cursor").asString();
        JsonNode second = json(send("GET", ns + "/keys?limit=20&prefix=&cursor=" + cursor, ""));
        assertThat(java.util.stream.Stream.concat(
                                first.get("result").valueStream(),
                                second.get("result").valueStream())
                        .map(k -> k.get("name").asString())
                        .collect(Collectors.joining(" ")))
                .isEqualTo("Z a b p1 p2 qa qb qc qd qe qf qg qh qi qj qk ql qm qn qo é");
        assertThat(second.get("result_info").get("cursor").asString()).isEmpty();
        assertThat(result("GET", ns + "/keys?prefix=p", "")).hasSize(2);
        assertThat(result("GET", ns + "/keys?prefix=%C3%A9", "")).hasSize(1);
    }

    @Test
    void anEmptyPageNeverComesWithACursor() throws IOException {
        result("PUT", ns + "/values/k", "v");
        server.store.emptyPages.set(3);
        assertThat(result("GET", ns + "/keys", "")).hasSize(1);
    }

    @Test
    void bulkPutWritesWhatItIsGiven() throws IOException {
        String body = "[{\"key\":\"a\",\"value\":\"é\",\"metadata\":{\"x\": [1.50, null]}},"
                + "{\"key\":\"b\",\"value\":\"AP8 \\n=\",\"base64\":true,\"expiration_ttl\":3600.0,\"metadata\":null},"
                + "{\"key\":\"c\",\"value\":\"\",\"expiration\":null,\"unknown\":{}},"
                + "{\"key\":\"c\",\"value\":\"\"}]";
        assertThat(result("PUT", ns + "/bulk", body, "Content-Type: application/json")
                        .toString())
                .isEqualTo("{\"successful_key_count\":3,\"unsuccessful_keys\":[]}");
        assertThat(send("GET", ns + "/values/a", "").text()).isEqualTo("é");
        assertThat(send("GET", ns + "/metadata/a", "").text()).contains("\"result\":{\"x\":[1.50,null]}");
        assertThat(send("GET", ns + "/values/b", "").body()).isEqualTo(new byte[] {0, (byte) 0xff});
        assertThat(send("GET", ns + "/values/b", "").headers()).containsKey("expiration");
        assertThat(result("GET", ns + "/metadata/b", "").isNull()).isTrue();
        assertThat(result("PUT", ns + "/bulk", "[]").toString())
                .isEqualTo("{\"successful_key_count\":0,\"unsuccessful_keys\":[]}");
    }

    @Test
    void bulkPutTakesTenThousandKeysAndNotOneMore() throws IOException {
        assertThat(result("PUT", ns + "/bulk", items(10_000))
                        .get("successful_key_count")
                        .asInt())
                .isEqualTo(10_000);
        assertThat(server.store.writes.get()).isEqualTo(10_000);
        assertError(send("PUT", ns + "/bulk", items(10_001)), 400, 10029, "a bulk request can hold at most 10000 keys");
        assertThat(server.store.writes.get()).isEqualTo(10_000);
    }

    private static String items(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"key\":\"k" + i + "\",\"value\":\"v\"}")
                .collect(Collectors.joining(",", "[", "]"));
    }

    @Test
    void aBulkBodyOver100MegabytesIsRefusedUnread() throws IOException {
        try (RawClient client = new RawClient(server.port())) {
            client.send("PUT " + ns + "/bulk HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\n"
                    + "Content-Length: 100000001\r\n\r\n");
            assertError(
                    client.read(), 413, 10024, "The request body of 100000001 bytes exceeds the limit of 100000000.");
        }
    }

    @Test
    void aNinthBulkWriteIsTurnedAway() throws IOException {
        List<RawClient> waiting = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                RawClient client = new RawClient(server.port());
                waiting.add(client);
                client.send("PUT " + ns + "/bulk HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\n"
                        + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
                // The server reads the body of a request that it has let in.
                assertThat(client.read().status()).isEqualTo(100);
            }
            assertError(
                    send("PUT", ns + "/bulk", "[]"),
                    429,
                    10046,
                    "Too many bulk operations already in progress. Please wait until one completes before retrying.");
            assertThat(waiting.getFirst().send("[]").read().status()).isEqualTo(200);
            result("PUT", ns + "/bulk", "[]");
        } finally {
            for (RawClient client : waiting) {
                client.close();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"DELETE,/bulk", "POST,/bulk/delete"})
    void bulkDeleteDeletesWhatIsThere(String method, String path) throws IOException {
        result("PUT", ns + "/bulk", items(3));
        assertThat(result(method, ns + path, "[\"k0\",\"k1\",\"k1\",\"none\"]").toString())
                .isEqualTo("{\"successful_key_count\":3,\"unsuccessful_keys\":[]}");
        assertThat(result("GET", ns + "/keys", "")).hasSize(1);
        assertThat(result(method, ns + path, "[]").get("successful_key_count").asInt())
                .isZero();
    }

    @Test
    void bulkGetAnswersForEveryKey() throws IOException {
        result(
                "PUT",
                ns + "/bulk",
                "[{\"key\":\"t\",\"value\":\"text\",\"metadata\":{\"m\":1}},{\"key\":\"n\",\"value\":\"null\"},"
                    + "{\"key\":\"0\",\"value\":\"0\"},{\"key\":\"e\",\"value\":\"\\\"\\\"\",\"expiration\":9999999999}]");
        assertThat(result("POST", ns + "/bulk/get", "{\"keys\":[\"t\",\"none\",\"t\"]}")
                        .toString())
                .isEqualTo("{\"values\":{\"t\":\"text\",\"none\":null}}");
        assertThat(result("POST", ns + "/bulk/get", "{\"keys\":[\"n\",\"0\",\"e\"],\"type\":\"json\"}")
                        .toString())
                .isEqualTo("{\"values\":{\"n\":null,\"0\":0,\"e\":\"\"}}");
        assertThat(result("POST", ns + "/bulk/get", "{\"keys\":[\"t\",\"e\",\"none\"],\"withMetadata\":true}")
                        .toString())
                .isEqualTo("{\"values\":{\"t\":{\"value\":\"text\",\"metadata\":{\"m\":1}},"
                        + "\"e\":{\"value\":\"\\\"\\\"\",\"metadata\":null,\"expiration\":9999999999},\"none\":null}}");
        assertError(
                send("POST", ns + "/bulk/get", "{\"keys\":[\"t\"],\"type\":\"json\"}"),
                400,
                10029,
                "At least one of the requested keys corresponds to a non-json value");
        String many = IntStream.range(0, 101).mapToObj(i -> "\"" + i + "\"").collect(Collectors.joining(","));
        assertError(
                send("POST", ns + "/bulk/get", "{\"keys\":[" + many + "]}"),
                400,
                10029,
                "You can request a maximum of 100 keys");
    }

    @Test
    void bulkGetEndsAt25Mebibytes() throws IOException {
        byte[] half = "x".repeat(13_107_200).getBytes(UTF_8);
        server.send("PUT", ns + "/values/a", half);
        server.send("PUT", ns + "/values/b", half);
        assertThat(send("POST", ns + "/bulk/get", "{\"keys\":[\"a\",\"b\"]}").status())
                .isEqualTo(200);
        result("PUT", ns + "/values/c", "x");
        assertError(
                send("POST", ns + "/bulk/get", "{\"keys\":[\"a\",\"b\",\"c\"]}"),
                413,
                10024,
                "Total size of request exceeds the limit of 25MB");
    }

    /** Never a 404, never a success. */
    @ParameterizedTest
    @CsvSource({
        "GET,/values/k,''",
        "GET,/metadata/k,''",
        "GET,/keys,''",
        "PUT,/values/k,v",
        "DELETE,/values/k,''",
        "POST,/bulk/get,'{\"keys\":[\"k\"]}'",
        "PUT,/bulk,'[{\"key\":\"k\",\"value\":\"v\"}]'",
        "POST,/bulk/delete,'[\"k\"]'"
    })
    void aStoreInTroubleIs503(String method, String path, String body) throws IOException {
        server.store.noReads = TestServer.NO_PROVIDER;
        server.store.noWrites = TestServer.NO_PROVIDER;
        RawClient.Answer answer = send(method, ns + path, body);
        assertError(answer, 503, 10001, "service temporarily unavailable: no provider can be reached");
        assertThat(answer.headers().get("retry-after")).isEqualTo("1");
    }

    @ParameterizedTest
    @CsvSource({"GET,/values/k,''", "GET,/metadata/k,''", "GET,/keys,''", "POST,/bulk/get,'{\"keys\":[\"k\"]}'"})
    void anUnconfirmedAbsenceIsNever404(String method, String path, String body) throws IOException {
        server.store.confirmed = false;
        assertThat(send(method, ns + path, body).status()).isEqualTo(503);
        result("PUT", ns + "/values/k", "v");
        assertThat(send("GET", ns + "/values/k", "").text()).isEqualTo("v");
    }

    @Test
    void anUnknownOutcomeIs504() throws IOException {
        server.store.unknownWrites = TestServer.NO_PROVIDER;
        assertError(
                send("PUT", ns + "/values/k", "v"),
                504,
                10001,
                "service temporarily unavailable: the write may or may not have happened: no provider can be reached");
    }

    @Test
    void aBulkWriteThatFailsSaysWhatWasNotWrittenAndDoesNotInsist() throws IOException {
        server.store.noWrites = TestServer.NO_PROVIDER;
        RawClient.Answer answer = send("PUT", ns + "/bulk", items(1000));
        assertError(answer, 503, 10001, "service temporarily unavailable: no provider can be reached");
        assertThat(json(answer).get("result").get("unsuccessful_keys")).hasSize(1000);
        assertThat(server.store.writes.get()).isLessThan(200);
    }

    @Test
    void aCatalogueThatKeepsNothingIs503() throws IOException {
        server.namespaces.notKept = "the disk is full";
        assertError(
                send("POST", ROOM, "{\"title\":\"x\"}"),
                503,
                10001,
                "service temporarily unavailable: the disk is full");
        assertThat(server.namespaces.list(TestServer.ACCOUNT, false))
                .extracting(Namespace::title)
                .containsExactly("first", "second");
    }
}
