package dev.holdfast.server.api;

import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.server.http.Call;
import dev.holdfast.server.http.Gatekeeper;
import dev.holdfast.server.http.Grant;
import dev.holdfast.server.http.Permission;
import java.util.Locale;

/** Who may do what, with the refusals in words. */
public final class Access {
    private final Gatekeeper gatekeeper;

    public Access(Gatekeeper gatekeeper) {
        this.gatekeeper = gatekeeper;
    }

    /** What the caller may do. */
    public Grant grant(Call call) throws ApiError {
        return switch (gatekeeper.authenticate(call)) {
            case Gatekeeper.Pass.Granted granted -> granted.grant();
            case Gatekeeper.Pass.Denied denied ->
                throw new ApiError(
                        401,
                        "unauthenticated",
                        switch (denied.kind()) {
                            case MISSING -> "Send a token: \"Authorization: Bearer hf_...\".";
                            case MALFORMED_AUTHORIZATION ->
                                "The Authorization header must be \"Bearer\", a space and the token.";
                            case MALFORMED_EMAIL -> "X-Auth-Key needs a usable X-Auth-Email beside it.";
                            case MALFORMED_KEY -> "X-Auth-Email needs a usable X-Auth-Key beside it.";
                            case INVALID -> "The token is unknown, revoked or expired.";
                        });
        };
    }

    public static void require(Grant grant, Permission permission, NamespaceId namespace) throws ApiError {
        if (!grant.may(permission, namespace)) {
            throw forbidden(permission, "in this namespace");
        }
    }

    public static void requireEverywhere(Grant grant, Permission permission) throws ApiError {
        if (!grant.mayEverywhere(permission)) {
            throw forbidden(permission, "for all namespaces");
        }
    }

    /** @param where for the sentence: {@code in this namespace} */
    public static ApiError forbidden(Permission permission, String where) {
        return new ApiError(
                403,
                "forbidden",
                "The token lacks the permission \"" + permission.name().toLowerCase(Locale.ROOT) + "\" " + where + ".");
    }
}
