package dev.holdfast.server.token;

import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.server.http.Grant;
import dev.holdfast.server.http.Permission;
import java.util.Set;

/**
 * What is kept of a token. The secret itself is known only to who was given it. Immutable.
 *
 * @param id the first 16 hexadecimal digits of the secret's SHA-256; not secret
 * @param name for people
 * @param createdAt milliseconds since the Unix epoch
 * @param expiresAt milliseconds since the Unix epoch from which it is no longer good, {@link #NEVER} for none
 * @param fromFile whether it is the one in the data folder's file
 */
public record Token(
        String id,
        String name,
        SecretHash hash,
        Scope scope,
        Set<Permission> permissions,
        long createdAt,
        long expiresAt,
        boolean fromFile)
        implements Grant {

    public static final long NEVER = 0;

    public Token {
        permissions = Set.copyOf(permissions);
    }

    @Override
    public String tokenId() {
        return id;
    }

    @Override
    public boolean may(Permission permission, NamespaceId namespace) {
        return permissions.contains(permission) && scope.covers(namespace);
    }

    @Override
    public boolean mayEverywhere(Permission permission) {
        return permissions.contains(permission) && scope instanceof Scope.Everywhere;
    }

    boolean expired(long wallMillis) {
        return expiresAt != NEVER && expiresAt <= wallMillis;
    }
}
