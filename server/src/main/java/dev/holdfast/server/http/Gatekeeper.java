package dev.holdfast.server.http;

/** Knows the credentials. Answers from memory, in constant time with regard to the credential's bytes. Thread-safe. */
@FunctionalInterface
public interface Gatekeeper {

    /** Who calls. */
    sealed interface Pass {
        record Granted(Grant grant) implements Pass {}

        record Denied(Kind kind) implements Pass {}
    }

    /** Why nobody is let in. */
    enum Kind {
        /** No credential was sent. */
        MISSING,
        /** The Authorization header is not {@code Bearer <token>}. */
        MALFORMED_AUTHORIZATION,
        /** X-Auth-Key came without a usable X-Auth-Email. */
        MALFORMED_EMAIL,
        /** X-Auth-Email came without a usable X-Auth-Key. */
        MALFORMED_KEY,
        /** Unknown, revoked or expired. */
        INVALID
    }

    /**
     * Reads {@code Authorization: Bearer <token>}; without that header, {@code X-Auth-Key} (the token) with {@code X-Auth-Email}
     * (anything that looks like an address).
     */
    Pass authenticate(Call call);
}
