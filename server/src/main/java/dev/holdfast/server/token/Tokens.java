package dev.holdfast.server.token;

import dev.holdfast.engine.replication.catalogue.Catalogue;
import dev.holdfast.engine.replication.catalogue.Catalogue.Entry;
import dev.holdfast.engine.replication.catalogue.Catalogue.NotKept;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.http.Permission;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of the store, kept in its catalogue under {@code token/<id>}. Answers from memory, with every provider dead.
 *
 * <p>An authentication costs one SHA-256 and two look-ups. What was read from an entry is remembered beside the very entry, and
 * the catalogue is asked each time, so a revocation, wherever it was made, holds as soon as the catalogue knows it.
 *
 * <p>Thread-safe.
 */
public final class Tokens {
    /** How many there may be: each is in the memory of every node. */
    public static final int MOST = 10_000;

    private static final String PREFIX = "token/";

    /** A token as read from exactly this entry. */
    private record Known(String entryName, Entry entry, Token token) {
        boolean current(Entry now) {
            return entry.rank() == now.rank() && Arrays.equals(entry.content(), now.content());
        }
    }

    /** A token just made, with its secret, which nobody can get again. */
    public record Created(Token token, String secret) {
        /** Without the secret. */
        @Override
        public String toString() {
            return "Created[" + token.id() + "]";
        }
    }

    private final Catalogue catalogue;
    private final Time time;
    private final ConcurrentHashMap<Long, Known> known = new ConcurrentHashMap<>();

    public Tokens(Catalogue catalogue, Time time) {
        this.catalogue = catalogue;
        this.time = time;
    }

    /** The token of a secret, while it is good. */
    public Optional<Token> authenticate(String secret) {
        if (!Secrets.plausible(secret)) {
            return Optional.empty();
        }
        SecretHash hash = SecretHash.of(secret);
        Token token = living(hash.prefix());
        return token != null && token.hash().matches(hash) && !token.expired(time.wallMillis())
                ? Optional.of(token)
                : Optional.empty();
    }

    private @Nullable Token living(long prefix) {
        Known before = known.get(prefix);
        String name = before == null ? PREFIX + HexFormat.of().toHexDigits(prefix) : before.entryName();
        Entry entry = catalogue.get(name).orElse(null);
        if (entry == null || entry.rank() == Catalogue.TERMINAL) {
            known.remove(prefix);
            return null;
        }
        if (before != null && before.current(entry)) {
            return before.token();
        }
        Token token = TokenForm.read(entry.content()).orElse(null);
        if (token != null) {
            known.put(prefix, new Known(name, entry, token));
        }
        return token;
    }

    /** The time by which tokens expire, in milliseconds since the Unix epoch. */
    public long nowMillis() {
        return time.wallMillis();
    }

    /** Those not revoked, expired ones included, by id. */
    public List<Token> list() {
        return catalogue.entries(PREFIX).values().stream()
                .filter(entry -> entry.rank() != Catalogue.TERMINAL)
                .flatMap(entry -> TokenForm.read(entry.content()).stream())
                .toList();
    }

    public Optional<Token> find(String id) {
        return catalogue
                .get(PREFIX + id)
                .filter(entry -> entry.rank() != Catalogue.TERMINAL)
                .flatMap(entry -> TokenForm.read(entry.content()));
    }

    /**
     * Makes a token.
     *
     * @param expiresAt milliseconds since the Unix epoch, {@link Token#NEVER} for none
     * @throws NotKept when it is not durable at this node, or there are too many
     */
    public Created create(String name, Scope scope, Set<Permission> permissions, long expiresAt) throws NotKept {
        return register(Secrets.make(), name, scope, permissions, expiresAt, false);
    }

    /** Revokes a token for good. Returns it as it was; empty when there is none. */
    public Optional<Token> revoke(String id) throws NotKept {
        Optional<Token> token = find(id);
        if (token.isPresent()) {
            catalogue.put(PREFIX + id, new Entry(TokenForm.write(token.get()), Catalogue.TERMINAL));
        }
        return token;
    }

    /** Whether someone holds a token that opens everything. */
    boolean administered() {
        long now = time.wallMillis();
        return list().stream().anyMatch(token -> token.mayEverywhere(Permission.ADMIN) && !token.expired(now));
    }

    /** What became of the secret in the data folder's file. */
    enum Adopted {
        NOW,
        BEFORE,
        /** It has been revoked, which cannot be undone. */
        REVOKED
    }

    /** Makes the secret a token that opens everything, in the place of an earlier one that came the same way. */
    Adopted adopt(String secret) throws NotKept {
        String id = SecretHash.of(secret).id();
        Entry entry = catalogue.get(PREFIX + id).orElse(null);
        if (entry != null && entry.rank() == Catalogue.TERMINAL) {
            return Adopted.REVOKED;
        }
        if (entry == null) {
            register(secret, "admin", new Scope.Everywhere(), EnumSet.allOf(Permission.class), Token.NEVER, true);
        }
        for (Token other : list()) {
            if (other.fromFile() && !other.id().equals(id)) {
                revoke(other.id());
            }
        }
        return entry == null ? Adopted.NOW : Adopted.BEFORE;
    }

    private Created register(
            String secret, String name, Scope scope, Set<Permission> permissions, long expiresAt, boolean fromFile)
            throws NotKept {
        if (catalogue.entries(PREFIX).size() >= MOST && !fromFile) {
            throw new NotKept("There are " + MOST + " tokens already; no more can be made.");
        }
        SecretHash hash = SecretHash.of(secret);
        Token token = new Token(hash.id(), name, hash, scope, permissions, time.wallMillis(), expiresAt, fromFile);
        catalogue.put(PREFIX + token.id(), new Entry(TokenForm.write(token), 0));
        return new Created(token, secret);
    }
}
