package dev.holdfast.engine.replication.sealing;

import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.Seals.KeyMissing;
import dev.holdfast.engine.replication.sealing.MasterKeys.MasterKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.spec.SecretKeySpec;

/**
 * A data key as the catalogue has it, for every node and every provider to see: sealed under a master key. As text, a line
 * {@code name=value} for each part.
 *
 * @param master name of the master key
 * @param masterId its id, to tell it from another one of that name
 * @param madeAt milliseconds since the Unix epoch
 */
record WrappedKey(
        NamespaceId namespace, int generation, long id, String master, String masterId, byte[] box, long madeAt) {
    private static final HexFormat HEX = HexFormat.of();

    static WrappedKey wrap(MasterKey master, NamespaceId namespace, int generation, byte[] key, long madeAt) {
        long id = Box.id(key);
        byte[] box = Box.seal(master.secret(), new Box.Label(generation, id), what(namespace, generation, id), key);
        return new WrappedKey(namespace, generation, id, master.name(), master.id(), box, madeAt);
    }

    /** The same key under another master key. */
    WrappedKey rewrap(MasterKeys masters, MasterKey other) throws KeyMissing {
        return wrap(other, namespace, generation, bytes(masters), madeAt);
    }

    DataKey unwrap(MasterKeys masters) throws KeyMissing {
        return new DataKey(new Box.Label(generation, id), new SecretKeySpec(bytes(masters), "AES"));
    }

    private byte[] bytes(MasterKeys masters) throws KeyMissing {
        MasterKey key = masters.named(master)
                .orElseThrow(() -> new KeyMissing("Data key " + idText() + " of namespace " + namespace
                        + " takes master key " + master + " (" + masterId + "), which this node has not."
                        + " Set encryption.keys." + master + " and start it again."));
        if (!key.id().equals(masterId)) {
            throw new KeyMissing("Data key " + idText() + " of namespace " + namespace + " takes master key " + master
                    + " with the id " + masterId + ", and the one of this node has the id " + key.id()
                    + ": it is another key of that name.");
        }
        try {
            return Box.open(key.secret(), what(namespace, generation, id), box);
        } catch (DamagedRecord e) {
            throw new KeyMissing("Data key " + idText() + " of namespace " + namespace
                    + " is damaged in the catalogue: " + e.getMessage() + ".");
        }
    }

    private static byte[] what(NamespaceId namespace, int generation, long id) {
        return ByteBuffer.allocate(3 * Long.BYTES + Integer.BYTES)
                .putLong(namespace.high())
                .putLong(namespace.low())
                .putInt(generation)
                .putLong(id)
                .array();
    }

    String idText() {
        return HEX.toHexDigits(id);
    }

    byte[] text() {
        return ("generation=" + generation + "\nid=" + idText() + "\nmaster=" + master + "\nmaster-id=" + masterId
                        + "\nwrapped=" + HEX.formatHex(box) + "\nmade-at=" + madeAt + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** @throws IllegalArgumentException when it is no such text */
    static WrappedKey read(NamespaceId namespace, byte[] text) {
        Map<String, String> lines = lines(text);
        return new WrappedKey(
                namespace,
                Integer.parseInt(of(lines, "generation")),
                HexFormat.fromHexDigitsToLong(of(lines, "id")),
                of(lines, "master"),
                of(lines, "master-id"),
                HEX.parseHex(of(lines, "wrapped")),
                Long.parseLong(of(lines, "made-at")));
    }

    static Map<String, String> lines(byte[] text) {
        Map<String, String> lines = new LinkedHashMap<>();
        new String(text, StandardCharsets.UTF_8).lines().forEach(line -> {
            int at = line.indexOf('=');
            if (at > 0) {
                lines.put(line.substring(0, at), line.substring(at + 1));
            }
        });
        return lines;
    }

    private static String of(Map<String, String> lines, String name) {
        String value = lines.get(name);
        if (value == null) {
            throw new IllegalArgumentException("a data key without its " + name);
        }
        return value;
    }

    @Override
    public String toString() {
        return "WrappedKey[" + namespace + " " + idText() + " under " + master + "]";
    }
}
