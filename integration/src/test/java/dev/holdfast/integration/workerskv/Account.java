package dev.holdfast.integration.workerskv;

import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.http.Reply;
import dev.holdfast.client.transport.Percent;
import dev.holdfast.integration.harness.HoldfastServer;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What stands for an account at Workers KV: a server that is written to by REST v4. For one thread. */
final class Account {
    private final HoldfastServer server;
    private final String id;
    private final String namespace;

    Account(HoldfastServer server, String title) throws IOException {
        this.server = server;
        this.id = Files.readString(server.data().resolve("account-id")).strip();
        this.namespace = server.makeNamespace(title);
    }

    String id() {
        return id;
    }

    String namespace() {
        return namespace;
    }

    void put(String key, byte[] value, String query) {
        Reply reply = server.store()
                .call(
                        "PUT",
                        path() + "/values/" + Percent.encode(key) + query,
                        Map.of(),
                        BodyPublishers.ofByteArray(value));
        server.store().require(reply);
    }

    void put(String key, String value) {
        put(key, value.getBytes(StandardCharsets.UTF_8), "");
    }

    void put(String key, String value, @Nullable String metadata, long expiration) {
        ArrayNode all = Json.array();
        ObjectNode one = all.addObject().put("key", key).put("value", value);
        if (metadata != null) {
            one.set("metadata", Json.MAPPER.readTree(metadata));
        }
        if (expiration > 0) {
            one.put("expiration", expiration);
        }
        bulk(all);
    }

    void bulk(ArrayNode all) {
        server.store().require(server.store().send("PUT", path() + "/bulk", all));
    }

    void delete(String key) {
        server.store().require(server.store().delete(path() + "/values/" + Percent.encode(key)));
    }

    private String path() {
        return "/client/v4/accounts/" + id + "/storage/kv/namespaces/" + namespace;
    }
}
