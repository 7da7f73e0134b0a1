package dev.holdfast.server.main;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.server.main.RunningServer.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuotaTest {
    @TempDir
    Path data;

    private RunningServer server;
    private String id;

    @BeforeEach
    void start() throws Exception {
        server = new RunningServer(data, Map.of("cache.ttl", "1h"));
        id = server.namespace("shop");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Reply set(String quota) throws IOException {
        return server.data("PATCH", "/v1/namespaces/shop", quota);
    }

    private int status(String namespace) {
        try {
            return server.data("GET", "/v1/namespaces/" + namespace + "/values/k", null)
                    .status();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As of the last count; -1 before it. */
    private int keys() {
        try {
            var shop = server.admin("GET", "/v1/quotas", null)
                    .json()
                    .get("namespaces")
                    .get(0);
            return shop.path("keys").asInt(-1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/v1/namespaces/%2$s/values/k", "/client/v4/accounts/%1$s/storage/kv/namespaces/%2$s/values/k"})
    void requestsBeyondTheQuotaAreRefusedThroughEveryDoor(String path) throws Exception {
        String account = Files.readString(data.resolve("account-id")).strip();
        String target = String.format(path, account, id);
        assertThat(server.data("PUT", target, "1").status()).isEqualTo(200);
        assertThat(server.data("GET", target, null).status()).isEqualTo(200);
        assertThat(set("{\"max_requests\":1}").status()).isEqualTo(200);
        Reply over = server.data("GET", target, null);
        while (over.status() == 200) {
            over = server.data("GET", target, null);
        }
        assertThat(over.status()).isEqualTo(429);
        assertThat(Integer.parseInt(over.header("Retry-After"))).isBetween(1, 5);
        Reply put = server.data("PUT", target, "2");
        while (put.status() == 200) {
            put = server.data("PUT", target, "2");
        }
        assertThat(put.status()).isEqualTo(429);
        set("{\"max_requests\":0}");
        assertThat(server.data("GET", target, null).status()).isEqualTo(200);
        var shop =
                server.admin("GET", "/v1/quotas", null).json().get("namespaces").get(0);
        assertThat(shop.get("refused").asLong()).isEqualTo(2);
        // What the namespace is called is no key of it.
        assertThat(server.data("GET", "/v1/namespaces/shop", null).status()).isEqualTo(200);
    }

    @Test
    void aNamespaceThatHoldsItsKeysTakesNoMoreAndDeletesMakeRoomAgain() throws Exception {
        String values = "/v1/namespaces/shop/values/";
        for (int i = 0; i < 3; i++) {
            server.data("PUT", values + i, "v");
        }
        set("{\"max_keys\":3}");
        RunningServer.await(() -> keys() == 3);
        Reply full = server.data("PUT", values + "more", "v");
        assertThat(full.status()).isEqualTo(429);
        assertThat(full.code()).isEqualTo("quota");
        assertThat(full.text()).contains("holds 3 keys").contains("Nothing was written");
        assertThat(server.data("GET", values + "0", null).status()).isEqualTo(200);
        assertThat(server.data("DELETE", values + "0", null).status()).isEqualTo(200);
        set("{\"max_keys\":4}");
        assertThat(server.data("PUT", values + "more", "v").status()).isEqualTo(200);
    }

    @Test
    void whoHasOneNamespaceDoesNotMoveItsQuota() throws Exception {
        String theirs = server.token(id, "admin");
        set("{\"max_requests\":5}");
        Reply refused = server.send(server.dataPort(), theirs, "PATCH", "/v1/namespaces/shop", "{\"max_requests\":0}");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(server.send(server.dataPort(), theirs, "PATCH", "/v1/namespaces/shop", "{\"tier\":1}")
                        .json()
                        .get("max_requests")
                        .asLong())
                .isEqualTo(5);
    }

    @Test
    void theQuotaOfTheAccountHoldsForEachOfItsNamespaces() throws Exception {
        server.namespace("other");
        server.admin("PUT", "/v1/quotas", "{\"max_requests\":1}");
        RunningServer.await(() -> {
            status("shop");
            return status("other") == 429;
        });
        server.admin("PUT", "/v1/quotas", "{\"max_requests\":0}");
        RunningServer.await(() -> status("other") == 404);
    }
}
