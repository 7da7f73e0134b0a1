package dev.holdfast.server.binding;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.server.compat.TestServer;
import dev.holdfast.server.http.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The remote-proxy protocol, with requests as Miniflare sends them. */
class MiniflareDoorTest {
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

    /** @param inner what workerd asks for, from the path on */
    private RawClient.Answer sendTo(String address, String method, String inner, String body, String... headers)
            throws IOException {
        List<String> all = new ArrayList<>(List.of(headers));
        all.add("MF-URL: https://fake-host" + inner);
        all.add("Authorization");
        if (all.stream().noneMatch(header -> header.startsWith("MF-Binding"))) {
            all.add("MF-Binding: first");
        }
        return server.send(method, address, body, all.toArray(String[]::new));
    }

    private RawClient.Answer send(String method, String inner, String body, String... headers) throws IOException {
        return sendTo("/miniflare/good", method, inner, body, headers);
    }

    @Test
    void everyOperationIsTheBindingsOwn() throws IOException {
        String metadata = new String("{\"u\":\"é🤓\"}".getBytes(UTF_8), ISO_8859_1);
        RawClient.Answer put = send(
                "PUT",
                "/a%2Fb%20%C3%A9+?urlencoded=true&expiration=9999999999",
                "v",
                "MF-Header-cf-kv-metadata: " + metadata);
        assertThat(put.status()).isEqualTo(200);
        RawClient.Answer got = send("GET", "/a%2Fb%20%C3%A9+?urlencoded=true", "");
        assertThat(got.text()).isEqualTo("v");
        assertThat(got.headers())
                .containsEntry("cf-kv-metadata", metadata)
                .containsEntry("cf-expiration", "9999999999");
        assertThat(send("GET", "?prefix=a%2Fb", "").text())
                .startsWith("{\"keys\":[{\"name\":\"a/b é+\"")
                .endsWith("\"list_complete\":true}");
        assertThat(send("GET", "", "").text()).contains("a/b é+");
        assertThat(send("POST", "/bulk/get", "{\"keys\":[\"a/b é+\",\"none\"]}").text())
                .isEqualTo("{\"a/b é+\":\"v\",\"none\":null}");
        assertThat(send("DELETE", "/a%2Fb%20%C3%A9%2B?urlencoded=true", "").status())
                .isEqualTo(200);
        assertThat(send("GET", "/a%2Fb%20%C3%A9+?urlencoded=true", "").status()).isEqualTo(404);
        RawClient.Answer refused = send("PUT", "/k?urlencoded=true&expiration_ttl=1", "v");
        assertThat(refused.reason()).isEqualTo("Invalid expiration_ttl of 1. Expiration TTL must be at least 60.");
    }

    @Test
    void onlyTheHeadersThatWorkerdSentCount() throws IOException {
        send("PUT", "/k", "v", "CF-KV-Metadata: \"outer\"", "X-Holdfast-Namespace: second");
        assertThat(send("GET", "/k", "").headers()).doesNotContainKey("cf-kv-metadata");
        assertThat(send("GET", "/k", "", "MF-Binding: second").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({"/miniflare", "/miniflare/", "/miniflare?first=second", "/miniflare/?token=good"})
    void nobodyComesInWithoutAToken(String address) throws IOException {
        for (String header : List.of("Authorization: Bearer good", "MF-Header-authorization: Bearer good")) {
            RawClient.Answer answer = server.send(
                    "GET", address, "", header, "MF-Binding: first", "MF-URL: https://fake-host/k?urlencoded=true");
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.reason())
                    .isEqualTo("The address of the remote proxy must end in /miniflare/ and a token");
        }
    }

    @Test
    void aTokenMayDoHereWhatItMayDoElsewhere() throws IOException {
        assertThat(sendTo("/miniflare/bad", "GET", "/k", "").status()).isEqualTo(401);
        assertThat(sendTo("/miniflare/good/", "GET", "/k", "").status()).isEqualTo(401);
        assertThat(sendTo("/miniflare/first-read", "GET", "/k", "").status()).isEqualTo(404);
        assertThat(sendTo("/miniflare/first-read", "PUT", "/k", "v").status()).isEqualTo(403);
        assertThat(sendTo("/miniflare/first-read", "GET", "", "").status()).isEqualTo(403);
        assertThat(sendTo("/miniflare/first-all", "GET", "/k", "", "MF-Binding: second")
                        .status())
                .isEqualTo(403);
        assertThat(sendTo("/miniflare/first-all?first=second", "GET", "/k", "").status())
                .isEqualTo(403);
    }

    @Test
    void aBindingIsATitleOrWhatTheAddressSays() throws IOException {
        send("PUT", "/k", "of second", "MF-Binding: second");
        String id = server.second.id().toString();
        for (String address : List.of("/miniflare/good?first=second", "/miniflare/good?x=first&first=" + id)) {
            assertThat(sendTo(address, "GET", "/k", "").text()).isEqualTo("of second");
        }
        assertThat(send("GET", "/k", "", "MF-Binding: " + id).text()).isEqualTo("of second");
        RawClient.Answer none = send("GET", "/k", "", "MF-Binding: NONE");
        assertThat(none.status()).isEqualTo(400);
        assertThat(none.reason()).isEqualTo("Namespace \"NONE\" not found");
    }

    @Test
    void withoutTheEnvelopeThereIsNoSuchPlace() throws IOException {
        assertThat(server.send("GET", "/miniflare/good", "").status()).isEqualTo(404);
        assertThat(server.send("GET", "/miniflare/good", "", "MF-Binding: first")
                        .status())
                .isEqualTo(400);
        assertThat(server.send("GET", "/miniflare/good", "", "MF-Binding: first", "MF-URL: /k")
                        .status())
                .isEqualTo(400);
        server.send("PUT", "/miniflare", "v", "X-Holdfast-Namespace: first");
        assertThat(server.send("GET", "/miniflare", "", "X-Holdfast-Namespace: first")
                        .text())
                .isEqualTo("v");
        assertThat(server.send("GET", "/miniflares/x", "", "MF-Binding: first").status())
                .isEqualTo(404);
    }
}
