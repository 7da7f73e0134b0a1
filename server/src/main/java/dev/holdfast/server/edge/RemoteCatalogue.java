package dev.holdfast.server.edge;

import dev.holdfast.client.transport.Request;
import dev.holdfast.client.transport.Response;
import dev.holdfast.client.transport.TransportFailure;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.SystemRecords;
import dev.holdfast.server.api.Json;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The catalogue of an origin, sealed as it lies there, as the system records of a node that only reads it. Thread-safe.
 */
public final class RemoteCatalogue implements SystemRecords {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteCatalogue.class);
    private static final String PREFIX = "catalogue/";

    private final Origins origins;
    private final AtomicReference<String> account = new AtomicReference<>("");

    public RemoteCatalogue(Origins origins) {
        this.origins = origins;
    }

    /** The account of the origin, once it has been heard; empty before. */
    public String account() {
        return account.get();
    }

    /** The same, asked for now. */
    public String hear() {
        each(new byte[0], (key, record) -> {});
        return account();
    }

    @Override
    public boolean each(byte[] prefix, BiConsumer<Key, Record> record) {
        try {
            Response<byte[]> response = origins.send(Request.get("/v1/catalogue"));
            if (response.status() != 200) {
                LOG.warn("origin {} gives no catalogue: it answers {}", response.endpoint(), response.status());
                return false;
            }
            JsonNode body = Json.parse(response.body());
            account.set(body.path("account").asString(""));
            for (Map.Entry<String, JsonNode> entry : body.path("entries").properties()) {
                Key key = Key.of(PREFIX + entry.getKey());
                if (key.startsWith(prefix)) {
                    byte[] sealed = Base64.getDecoder().decode(entry.getValue().asString());
                    record.accept(key, Record.of(Version.NONE, sealed));
                }
            }
            return true;
        } catch (TransportFailure | JacksonException | IllegalArgumentException failure) {
            LOG.warn("no catalogue can be had of an origin: {}", failure.getMessage());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Namespaces and tokens are made at the origins. */
    @Override
    public boolean put(Key key, byte[] value) {
        return false;
    }

    @Override
    public boolean delete(Key key) {
        return false;
    }

    @Override
    public Optional<byte[]> get(Key key) {
        AtomicReference<byte[]> found = new AtomicReference<>();
        each(key.bytes(), (name, record) -> {
            if (Arrays.equals(name.bytes(), key.bytes())) {
                found.set(record.value());
            }
        });
        return Optional.ofNullable(found.get());
    }
}
