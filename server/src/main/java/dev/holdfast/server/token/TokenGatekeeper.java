package dev.holdfast.server.token;

import dev.holdfast.server.http.Call;
import dev.holdfast.server.http.Gatekeeper;
import java.util.regex.Pattern;

/** Lets in who presents a good token. */
public final class TokenGatekeeper implements Gatekeeper {
    private static final String SCHEME = "Bearer ";
    private static final Pattern EMAIL = Pattern.compile("[^\\s@]+@[^\\s@]+");
    private static final Pattern CREDENTIAL = Pattern.compile("[!-~]+");

    private final Tokens tokens;

    public TokenGatekeeper(Tokens tokens) {
        this.tokens = tokens;
    }

    @Override
    public Pass authenticate(Call call) {
        String authorization = call.header("Authorization");
        if (authorization != null) {
            return bearer(authorization);
        }
        String email = call.header("X-Auth-Email");
        String key = call.header("X-Auth-Key");
        if (email == null && key == null) {
            return new Pass.Denied(Kind.MISSING);
        }
        if (email == null || !EMAIL.matcher(email).matches()) {
            return new Pass.Denied(Kind.MALFORMED_EMAIL);
        }
        if (key == null || !CREDENTIAL.matcher(key).matches()) {
            return new Pass.Denied(Kind.MALFORMED_KEY);
        }
        return secret(key);
    }

    private Pass bearer(String authorization) {
        // The scheme's name is case-insensitive (RFC 9110, 11.1).
        if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return new Pass.Denied(Kind.MALFORMED_AUTHORIZATION);
        }
        String secret = authorization.substring(SCHEME.length());
        if (Secrets.plausible(secret) || CREDENTIAL.matcher(secret).matches()) {
            return secret(secret);
        }
        return new Pass.Denied(Kind.MALFORMED_AUTHORIZATION);
    }

    /** Who comes with a token alone, where a client has no headers to send it in. */
    public Pass secret(String secret) {
        return tokens.authenticate(secret).<Pass>map(Pass.Granted::new).orElseGet(() -> new Pass.Denied(Kind.INVALID));
    }
}
