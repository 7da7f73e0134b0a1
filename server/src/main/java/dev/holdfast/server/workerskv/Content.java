package dev.holdfast.server.workerskv;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What a key holds there.
 *
 * @param metadata JSON in UTF-8; empty for none
 * @param expiration seconds since the Unix epoch, 0 for never
 */
public record Content(byte[] value, byte[] metadata, long expiration) {
    private static final int BYTES = 16;

    /** One text for each content: 128 bits of a SHA-256. */
    public String print() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
                    .putLong(expiration)
                    .putInt(metadata.length)
                    .flip());
            digest.update(metadata);
            digest.update(value);
            return HexFormat.of().formatHex(digest.digest(), 0, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
