package dev.holdfast.server.token;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 of a token's secret. A plain hash is enough, since a secret is 256 random bits: there is nothing to guess that a slow
 * hash would protect. Immutable.
 */
public final class SecretHash {
    static final int BYTES = 32;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] bytes;

    private SecretHash(byte[] bytes) {
        this.bytes = bytes;
    }

    static SecretHash of(String secret) {
        try {
            return new SecretHash(
                    MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.ISO_8859_1)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    /** @throws IllegalArgumentException when {@code hex} is not 64 hexadecimal digits */
    static SecretHash parse(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a hash has " + BYTES + " bytes, not " + bytes.length);
        }
        return new SecretHash(bytes);
    }

    /** The beginning of the hash, under which the token is looked up. */
    long prefix() {
        return (long) LONGS.get(bytes, 0);
    }

    /** The token's id. */
    String id() {
        return HexFormat.of().toHexDigits(prefix());
    }

    String hex() {
        return HexFormat.of().formatHex(bytes);
    }

    /** In a time that does not depend on where the hashes differ. */
    boolean matches(SecretHash other) {
        return MessageDigest.isEqual(bytes, other.bytes);
    }

    @Override
    public boolean equals(@Nullable Object o) {
        return o instanceof SecretHash other && matches(other);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The id alone: a hash has no business in a log. */
    @Override
    public String toString() {
        return id();
    }
}
