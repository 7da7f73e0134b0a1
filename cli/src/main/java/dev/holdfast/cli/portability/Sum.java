package dev.holdfast.cli.portability;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Count and checksum over the lines of an export, as its last line has them. Used by one thread. */
final class Sum {
    private final MessageDigest digest;
    private long keys;
    private boolean confirmed = true;

    Sum() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    void add(byte[] line) {
        digest.update(line);
        digest.update((byte) '\n');
        if (!Line.isHeader(line)) {
            keys++;
            confirmed &= Line.confirmed(line);
        }
    }

    void unconfirmed() {
        confirmed = false;
    }

    long keys() {
        return keys;
    }

    boolean confirmed() {
        return confirmed;
    }

    /** Nothing can be added afterwards. */
    String sha256() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
