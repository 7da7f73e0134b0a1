package dev.holdfast.engine.replication.sealing;

import dev.holdfast.engine.kv.DamagedRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Bytes sealed under a key: AES-256-GCM under a subkey of their own, which HKDF-SHA-256 makes of the key, a salt and what the bytes are.
 *
 * <pre>
 * offset  size  field                              (all numbers big-endian)
 *      0     1  layout, 1
 *      1     4  generation of the key
 *      5     8  id of the key
 *     13    16  salt
 *     29     N  ciphertext of N bytes
 *   29+N    16  tag; it covers all before the ciphertext, what the bytes are, and the ciphertext
 * </pre>
 *
 * The salt is no random one: it is an HMAC-SHA-256 of what the bytes are and the bytes, cut to 16 bytes. So each content has a subkey of
 * its own, under which nothing else is ever encrypted, whatever becomes of a source of randomness; and the same content of the same record
 * gives the same bytes at whatever node it is sealed, and however often (docs/adr/0034).
 */
final class Box {
    static final int KEY_BYTES = 32;
    /** How many bytes a box takes beside what is in it. */
    static final int OVERHEAD = 45;

    private static final byte LAYOUT = 1;
    private static final int SALT_AT = 13;
    private static final int SALT_BYTES = 16;
    private static final int HEADER = SALT_AT + SALT_BYTES;
    private static final int TAG_BYTES = 16;
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final String MAC = "HmacSHA256";
    /** Each subkey encrypts once. */
    private static final byte[] NONCE = new byte[12];

    private static final byte[] FOR_SALT = "holdfast salt 1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FOR_BOX = "holdfast box 1".getBytes(StandardCharsets.US_ASCII);

    private Box() {}

    /** Which key a box was made with. */
    record Label(int generation, long id) {}

    /** @param what the bytes are: without the same, they cannot be opened */
    static byte[] seal(SecretKey key, Label label, byte[] what, byte[] clear) {
        try {
            byte[] salt = salt(key, what, clear);
            byte[] box = new byte[OVERHEAD + clear.length];
            ByteBuffer.wrap(box)
                    .put(LAYOUT)
                    .putInt(label.generation())
                    .putLong(label.id())
                    .put(salt);
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, salt, box, what);
            cipher.doFinal(clear, 0, clear.length, box, HEADER);
            return box;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + CIPHER + " and " + MAC, e);
        }
    }

    /** @throws DamagedRecord when it is no box at all */
    static Label label(byte[] box) throws DamagedRecord {
        if (box.length < OVERHEAD || box[0] != LAYOUT) {
            throw new DamagedRecord("does not begin as something sealed");
        }
        ByteBuffer in = ByteBuffer.wrap(box);
        return new Label(in.getInt(1), in.getLong(5));
    }

    /** @throws DamagedRecord when it was not made so with this key, or has been altered since */
    static byte[] open(SecretKey key, byte[] what, byte[] box) throws DamagedRecord {
        label(box);
        try {
            byte[] salt = Arrays.copyOfRange(box, SALT_AT, HEADER);
            return cipher(Cipher.DECRYPT_MODE, key, salt, box, what).doFinal(box, HEADER, box.length - HEADER);
        } catch (AEADBadTagException e) {
            throw new DamagedRecord("the seal does not match");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + CIPHER, e);
        }
    }

    /** Something by which a key is told from others, and from which it cannot be had. */
    static long id(byte[] key) {
        SecretKey derived = derive(
                new SecretKeySpec(key, "AES"), new byte[0], "holdfast key id".getBytes(StandardCharsets.US_ASCII));
        return ByteBuffer.wrap(derived.getEncoded()).getLong();
    }

    private static byte[] salt(SecretKey key, byte[] what, byte[] clear) throws GeneralSecurityException {
        Mac mac = Mac.getInstance(MAC);
        mac.init(new SecretKeySpec(derive(key, new byte[0], FOR_SALT).getEncoded(), MAC));
        mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, what.length));
        mac.update(what);
        return Arrays.copyOf(mac.doFinal(clear), SALT_BYTES);
    }

    private static Cipher cipher(int mode, SecretKey key, byte[] salt, byte[] box, byte[] what)
            throws GeneralSecurityException {
        byte[] info = Arrays.copyOf(FOR_BOX, FOR_BOX.length + what.length);
        System.arraycopy(what, 0, info, FOR_BOX.length, what.length);
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, derive(key, salt, info), new GCMParameterSpec(8 * TAG_BYTES, NONCE));
        cipher.updateAAD(box, 0, HEADER);
        cipher.updateAAD(what);
        return cipher;
    }

    private static SecretKey derive(SecretKey key, byte[] salt, byte[] info) {
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveKey(
                            "AES",
                            HKDFParameterSpec.ofExtract()
                                    .addIKM(key)
                                    .addSalt(salt)
                                    .thenExpand(info, KEY_BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK from 25 on has HKDF", e);
        }
    }
}
