package dev.holdfast.server.admin;

import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Limits;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.Page;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.Row;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.api.Json;
import dev.holdfast.server.http.Call;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/raw/{provider}}: the rows of one provider as they lie there, past any fault, for those who check the store. */
final class RawCalls {
    private final Node node;

    RawCalls(Node node) {
        this.node = node;
    }

    void answer(Call call, String name) throws ApiError {
        StatusCalls.requireGet(call);
        if (!node.drills()) {
            throw FaultCalls.drillsOff();
        }
        Provider provider =
                node.home(name).orElseThrow(() -> StatusCalls.unknown(name)).itself();
        NamespaceId namespace = namespace(call.query().get("namespace"));
        Key after = after(call.query().get("after"));
        int limit = limit(call.query().get("limit"));
        try {
            Json.answer(call, 200, form(provider.scan(namespace, new byte[0], after, limit)));
        } catch (ProviderFault e) {
            throw new ApiError(503, "provider-fault", "Provider " + name + ": " + e.getMessage() + ".");
        }
    }

    private static ObjectNode form(Page page) {
        ObjectNode body = Json.object();
        ArrayNode rows = body.putArray("rows");
        for (Row row : page.rows()) {
            Head head = row.head();
            rows.addObject()
                    .put("key", row.key().toString())
                    .put("version", head.version().toString())
                    .put("tombstone", head.tombstone())
                    .put("expiration", head.expiration())
                    .put("checksum", HexFormat.of().toHexDigits(head.checksum()));
        }
        if (!page.damaged().isEmpty()) {
            ArrayNode damaged = body.putArray("damaged");
            page.damaged().forEach(key -> damaged.add(key.toString()));
        }
        return body.put("end", page.end());
    }

    private static NamespaceId namespace(@Nullable String text) throws ApiError {
        try {
            return NamespaceId.parse(text == null ? "" : text);
        } catch (IllegalArgumentException e) {
            throw ApiError.badRequest("bad-namespace", "namespace must be an id: 32 hexadecimal digits.");
        }
    }

    private static @Nullable Key after(@Nullable String text) throws ApiError {
        try {
            return text == null || text.isEmpty() ? null : Key.of(text);
        } catch (IllegalArgumentException e) {
            throw ApiError.badRequest("bad-key", "after: " + e.getMessage());
        }
    }

    private static int limit(@Nullable String text) throws ApiError {
        try {
            int limit = text == null ? Limits.LIST_PAGE : Integer.parseInt(text);
            if (limit >= 1) {
                return Math.min(limit, Limits.LIST_PAGE);
            }
        } catch (NumberFormatException e) {
            throw ApiError.badRequest("bad-limit", "limit must be a whole number.");
        }
        throw ApiError.badRequest("bad-limit", "limit must be 1 or more.");
    }
}
