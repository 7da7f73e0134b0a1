package dev.holdfast.server.token;

import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.server.http.Permission;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A token as an entry of the catalogue: one JSON object. */
final class TokenForm {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String EVERYWHERE = "*";

    private TokenForm() {}

    static byte[] write(Token token) {
        ObjectNode form = JSON.createObjectNode()
                .put("name", token.name())
                .put("hash", token.hash().hex());
        ArrayNode namespaces = form.putArray("namespaces");
        switch (token.scope()) {
            case Scope.Everywhere _ -> namespaces.add(EVERYWHERE);
            case Scope.Only only -> only.namespaces().stream().sorted().forEach(id -> namespaces.add(id.toString()));
        }
        ArrayNode permissions = form.putArray("permissions");
        token.permissions().stream().sorted().forEach(permission -> permissions.add(label(permission)));
        form.put("created_at", token.createdAt());
        form.put("expires_at", token.expiresAt());
        form.put("from_file", token.fromFile());
        return JSON.writeValueAsBytes(form);
    }

    /** Empty for what is no token: a newer version's form, or damage. Such a token opens nothing. */
    static Optional<Token> read(byte[] content) {
        try {
            JsonNode form = JSON.readTree(content);
            Set<NamespaceId> namespaces = new HashSet<>();
            boolean everywhere = false;
            for (JsonNode namespace : form.required("namespaces")) {
                if (namespace.asString().equals(EVERYWHERE)) {
                    everywhere = true;
                } else {
                    namespaces.add(NamespaceId.parse(namespace.asString()));
                }
            }
            Set<Permission> permissions = EnumSet.noneOf(Permission.class);
            for (JsonNode permission : form.required("permissions")) {
                permissions.add(Permission.valueOf(permission.asString().toUpperCase(Locale.ROOT)));
            }
            SecretHash hash = SecretHash.parse(form.required("hash").asString());
            return Optional.of(new Token(
                    hash.id(),
                    form.required("name").asString(),
                    hash,
                    everywhere ? new Scope.Everywhere() : new Scope.Only(namespaces),
                    permissions,
                    form.required("created_at").asLong(),
                    form.required("expires_at").asLong(),
                    form.required("from_file").asBoolean()));
        } catch (JacksonException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static String label(Permission permission) {
        return permission.name().toLowerCase(Locale.ROOT);
    }
}
