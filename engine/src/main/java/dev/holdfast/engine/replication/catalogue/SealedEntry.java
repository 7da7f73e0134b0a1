package dev.holdfast.engine.replication.catalogue;

import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.catalogue.Catalogue.Entry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A catalogue entry as nodes and providers keep it: version, rank, content, and before them a MAC (HMAC-SHA-256) over them and
 * the name, under the cluster key, which providers do not have. So a provider can withhold an entry, and not make or alter one.
 */
record SealedEntry(Version version, Entry entry) {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int MAC_BYTES = 32;

    /** Higher rank, then newer version. */
    boolean beats(SealedEntry other) {
        int byRank = Long.compare(entry.rank(), other.entry.rank());
        return byRank != 0 ? byRank > 0 : version.newerThan(other.version);
    }

    byte[] seal(byte[] clusterKey, String name) {
        byte[] body = ByteBuffer.allocate(2 * Long.BYTES + entry.content().length)
                .putLong(version.bits())
                .putLong(entry.rank())
                .put(entry.content())
                .array();
        byte[] mac = mac(clusterKey, name, body);
        byte[] sealed = Arrays.copyOf(mac, mac.length + body.length);
        System.arraycopy(body, 0, sealed, mac.length, body.length);
        return sealed;
    }

    /** Empty when the MAC is not that of this name and content under this key. */
    static Optional<SealedEntry> open(byte[] clusterKey, String name, byte[] sealed) {
        if (sealed.length < MAC_BYTES + 2 * Long.BYTES) {
            return Optional.empty();
        }
        byte[] body = Arrays.copyOfRange(sealed, MAC_BYTES, sealed.length);
        if (!MessageDigest.isEqual(mac(clusterKey, name, body), Arrays.copyOf(sealed, MAC_BYTES))) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(body);
        Version version = new Version(in.getLong());
        long rank = in.getLong();
        return Optional.of(new SealedEntry(
                version, new Entry(Arrays.copyOfRange(body, 2 * Long.BYTES, body.length), rank)));
    }

    private static byte[] mac(byte[] clusterKey, String name, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(clusterKey, ALGORITHM));
            mac.update(name.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
