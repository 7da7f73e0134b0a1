package dev.holdfast.server.admin;

import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.catalogue.Catalogue.NotKept;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.api.Fields;
import dev.holdfast.server.api.Json;
import dev.holdfast.server.audit.AuditEntry;
import dev.holdfast.server.audit.AuditEntry.Action;
import dev.holdfast.server.audit.AuditLog;
import dev.holdfast.server.http.BodyFault;
import dev.holdfast.server.http.Call;
import dev.holdfast.server.http.Grant;
import dev.holdfast.server.http.Permission;
import dev.holdfast.server.token.Scope;
import dev.holdfast.server.token.Token;
import dev.holdfast.server.token.Tokens;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/tokens}: making, listing and revoking tokens. */
final class TokenCalls {
    private static final int BODY_BYTES = 256 * 1024;
    private static final int NAME_CHARACTERS = 128;
    private static final int MOST_NAMESPACES = 1_000;
    private static final long LATEST = 253_402_300_799L;

    private final Tokens tokens;
    private final AuditLog audit;

    TokenCalls(Tokens tokens, AuditLog audit) {
        this.tokens = tokens;
        this.audit = audit;
    }

    void all(Call call, Grant grant) throws ApiError, BodyFault {
        switch (call.method()) {
            case "GET" -> {
                ObjectNode body = Json.object();
                ArrayNode list = body.putArray("tokens");
                tokens.list().forEach(token -> list.add(form(token)));
                Json.answer(call, 200, body);
            }
            case "POST" -> create(call, grant);
            default -> throw ApiError.method(call, "GET, POST");
        }
    }

    void one(Call call, Grant grant, String id) throws ApiError {
        if (!call.method().equals("DELETE")) {
            throw ApiError.method(call, "DELETE");
        }
        try {
            Token revoked = tokens.revoke(id)
                    .orElseThrow(() -> new ApiError(404, "token-not-found", "There is no token with this id."));
            audit.write(AuditEntry.of(call, grant, Action.TOKEN_REVOKE, target(revoked), AuditEntry.DONE));
            Json.answer(call, 200, form(revoked));
        } catch (NotKept e) {
            audit.write(AuditEntry.of(call, grant, Action.TOKEN_REVOKE, id, "not kept: " + e.getMessage()));
            throw notKept(e);
        }
    }

    private void create(Call call, Grant grant) throws ApiError, BodyFault {
        Fields fields = Fields.of(call.body(BODY_BYTES));
        String name = name(fields.text("name"));
        Scope scope = scope(fields.textsOrNull("namespaces"));
        Set<Permission> permissions = permissions(fields.textsOrNull("permissions"));
        Long expiresAt = fields.wholeOrNull("expires_at", Math.floorDiv(tokens.nowMillis(), 1000) + 1, LATEST);
        fields.noOthers();
        try {
            Tokens.Created created =
                    tokens.create(name, scope, permissions, expiresAt == null ? Token.NEVER : expiresAt * 1000);
            audit.write(AuditEntry.of(call, grant, Action.TOKEN_CREATE, target(created.token()), AuditEntry.DONE));
            Json.answer(call, 200, form(created.token()).put("token", created.secret()));
        } catch (NotKept e) {
            audit.write(AuditEntry.of(call, grant, Action.TOKEN_CREATE, name, "not kept: " + e.getMessage()));
            throw notKept(e);
        }
    }

    private static String name(String name) throws ApiError {
        if (name.isBlank() || name.length() > NAME_CHARACTERS || name.chars().anyMatch(Character::isISOControl)) {
            throw Fields.bad(
                    "name", "must have 1 to " + NAME_CHARACTERS + " characters, none of them control characters");
        }
        return name;
    }

    private static Scope scope(@Nullable List<String> namespaces) throws ApiError {
        if (namespaces == null || namespaces.isEmpty() || namespaces.size() > MOST_NAMESPACES) {
            throw Fields.bad("namespaces", "must list 1 to " + MOST_NAMESPACES + " namespace ids, or \"*\" alone");
        }
        if (namespaces.contains("*")) {
            if (namespaces.size() > 1) {
                throw Fields.bad("namespaces", "must have nothing beside \"*\"");
            }
            return new Scope.Everywhere();
        }
        Set<NamespaceId> ids = new HashSet<>();
        for (String id : namespaces) {
            try {
                ids.add(NamespaceId.parse(id));
            } catch (IllegalArgumentException e) {
                throw Fields.bad("namespaces", "has an entry that is no id: " + e.getMessage());
            }
        }
        return new Scope.Only(ids);
    }

    private static Set<Permission> permissions(@Nullable List<String> names) throws ApiError {
        Set<Permission> permissions = EnumSet.noneOf(Permission.class);
        for (String name : names == null ? List.<String>of() : names) {
            permissions.add(permission(name));
        }
        if (permissions.isEmpty()) {
            throw Fields.bad("permissions", "must list at least one of read, write, list, admin");
        }
        return permissions;
    }

    private static Permission permission(String name) throws ApiError {
        for (Permission permission : Permission.values()) {
            if (label(permission).equals(name)) {
                return permission;
            }
        }
        throw Fields.bad("permissions", "must hold read, write, list or admin, not \"" + name + "\"");
    }

    private static String label(Permission permission) {
        return permission.name().toLowerCase(Locale.ROOT);
    }

    private static String target(Token token) {
        return token.id() + " " + token.name();
    }

    private static ApiError notKept(NotKept e) {
        return new ApiError(503, "not-kept", String.valueOf(e.getMessage()));
    }

    private static ObjectNode form(Token token) {
        ObjectNode form = Json.object().put("id", token.id()).put("name", token.name());
        ArrayNode namespaces = form.putArray("namespaces");
        switch (token.scope()) {
            case Scope.Everywhere _ -> namespaces.add("*");
            case Scope.Only only -> only.namespaces().stream().sorted().forEach(id -> namespaces.add(id.toString()));
        }
        ArrayNode permissions = form.putArray("permissions");
        token.permissions().stream().sorted().forEach(permission -> permissions.add(label(permission)));
        form.put("created_at", token.createdAt());
        if (token.expiresAt() != Token.NEVER) {
            form.put("expires_at", Math.floorDiv(token.expiresAt(), 1000));
        }
        return form;
    }
}
