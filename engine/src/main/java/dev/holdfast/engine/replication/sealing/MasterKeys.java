package dev.holdfast.engine.replication.sealing;

import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** The keys that wrap data keys, by their names in the configuration. They are kept in memory only, and show nowhere. Immutable. */
public final class MasterKeys {
    public static final int BYTES = Box.KEY_BYTES;
    public static final MasterKeys NONE = new MasterKeys(Map.of());

    private final Map<String, MasterKey> keys = new TreeMap<>();

    /**
     * One of them.
     *
     * @param id 16 hexadecimal digits, made of the key, by which two of the same name are told apart
     */
    record MasterKey(String name, String id, SecretKey secret) {
        @Override
        public String toString() {
            return name + " (" + id + ")";
        }
    }

    /** @throws IllegalArgumentException when one has not {@link #BYTES} bytes */
    public MasterKeys(Map<String, byte[]> byName) {
        byName.forEach((name, bytes) -> {
            if (bytes.length != BYTES) {
                throw new IllegalArgumentException("key " + name + " has not " + BYTES + " bytes");
            }
            String id = HexFormat.of().toHexDigits(Box.id(bytes));
            keys.put(name, new MasterKey(name, id, new SecretKeySpec(bytes, "AES")));
        });
    }

    Optional<MasterKey> named(String name) {
        return Optional.ofNullable(keys.get(name));
    }

    /** The id of each, by its name. */
    public Map<String, String> ids() {
        Map<String, String> ids = new TreeMap<>();
        keys.forEach((name, key) -> ids.put(name, key.id()));
        return ids;
    }

    public boolean isEmpty() {
        return keys.isEmpty();
    }
}
