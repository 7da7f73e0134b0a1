package dev.holdfast.server.v1;

import dev.holdfast.engine.replication.catalogue.ReplicatedCatalogue;
import dev.holdfast.server.api.Access;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.api.Json;
import dev.holdfast.server.http.Call;
import dev.holdfast.server.http.Permission;
import java.util.Base64;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/catalogue}: namespaces and tokens as they are sealed, for edges, which have the key. Needs no provider. */
final class CatalogueCalls {
    private final ReplicatedCatalogue catalogue;
    private final Rooms rooms;
    private final String account;

    CatalogueCalls(ReplicatedCatalogue catalogue, Rooms rooms, String account) {
        this.catalogue = catalogue;
        this.rooms = rooms;
        this.account = account;
    }

    void answer(Call call) throws ApiError {
        if (!call.method().equals("GET")) {
            throw ApiError.method(call, "GET");
        }
        Access.requireEverywhere(rooms.grant(call), Permission.ADMIN);
        ObjectNode body = Json.object().put("account", account);
        ObjectNode entries = body.putObject("entries");
        catalogue
                .sealed()
                .forEach((name, bytes) -> entries.put(name, Base64.getEncoder().encodeToString(bytes)));
        Json.answer(call, 200, body);
    }
}
