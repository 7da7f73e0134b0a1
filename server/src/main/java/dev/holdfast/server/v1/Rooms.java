package dev.holdfast.server.v1;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.replication.Store.Refusal;
import dev.holdfast.engine.replication.catalogue.Namespaces;
import dev.holdfast.server.api.Access;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.api.Doorway;
import dev.holdfast.server.http.Call;
import dev.holdfast.server.http.Grant;
import dev.holdfast.server.http.PercentEncoding;
import dev.holdfast.server.http.Permission;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Which namespace and key a call is about, and whether the caller may go there. */
final class Rooms {
    private final Namespaces namespaces;
    private final Doorway doorway;
    private final String account;
    private final Access access;

    Rooms(Namespaces namespaces, Doorway doorway, String account, Access access) {
        this.namespaces = namespaces;
        this.doorway = doorway;
        this.account = account;
        this.access = access;
    }

    /** A namespace that the caller may enter. */
    record Entered(Namespace namespace, Grant grant) {}

    Grant grant(Call call) throws ApiError {
        return access.grant(call);
    }

    /**
     * @param named the id or title as it stands in the path
     * @param anyOf permissions of which one is enough
     */
    Entered enter(Call call, String named, Permission... anyOf) throws ApiError {
        Grant grant = access.grant(call);
        String name = name(named);
        return admit(grant, name, namespaces.called(account, name), anyOf);
    }

    /** Like {@link #enter}, for one whose keys may be asked for now. */
    Entered enterOpen(Call call, String named, Permission permission) throws ApiError {
        Entered room = enter(call, named, permission);
        Refusal refusal = doorway.enter(call, room.namespace());
        if (refusal != null) {
            throw Outcomes.refused(refusal);
        }
        return room;
    }

    /** Like {@link #enter}, for a namespace that is deleted and can be restored. */
    Entered enterDeleted(Call call, String named) throws ApiError {
        Grant grant = access.grant(call);
        String name = name(named);
        Optional<Namespace> found = namespaces.list(account, true).stream()
                .filter(room ->
                        room.id().toString().equals(name) || room.title().equals(name))
                .findFirst();
        return admit(grant, name, found, Permission.ADMIN);
    }

    private static Entered admit(Grant grant, String name, Optional<Namespace> found, Permission... anyOf)
            throws ApiError {
        for (Permission permission : anyOf) {
            // Who may not look everywhere does not learn which namespaces there are.
            if (found.isEmpty()
                    ? grant.mayEverywhere(permission)
                    : grant.may(permission, found.get().id())) {
                return new Entered(
                        found.orElseThrow(() ->
                                new ApiError(404, "namespace-not-found", "There is no namespace \"" + name + "\".")),
                        grant);
            }
        }
        throw Access.forbidden(anyOf[0], "in this namespace");
    }

    private static String name(String raw) throws ApiError {
        return new String(decode(raw), StandardCharsets.UTF_8);
    }

    static Key key(String raw) throws ApiError {
        byte[] name = decode(raw);
        try {
            return Key.of(name);
        } catch (IllegalArgumentException e) {
            throw new ApiError(name.length > 512 ? 414 : 400, "bad-key", String.valueOf(e.getMessage()));
        }
    }

    private static byte[] decode(String raw) throws ApiError {
        try {
            return PercentEncoding.decode(raw);
        } catch (IllegalArgumentException e) {
            throw ApiError.badRequest(
                    "bad-path", "The path is not percent-encoded as it should be: " + e.getMessage() + ".");
        }
    }
}
