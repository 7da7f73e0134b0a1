package dev.holdfast.server.main;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A private key in PEM. The JDK reads PKCS#8 only; the older forms of OpenSSL, PKCS#1 for RSA and SEC1 for EC, are what PKCS#8
 * holds inside, so they are wrapped (RFC 5208; RFC 5915 for where SEC1 names its curve).
 */
final class PemKey {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ((?:RSA |EC |ENCRYPTED )?PRIVATE KEY)-----([^-]*)-----END \\1-----");
    private static final byte[] VERSION = {2, 1, 0};
    /** The object identifier 1.2.840.113549.1.1.1 (RSA) with its empty parameters. */
    private static final byte[] RSA = {6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0};
    /** The object identifier 1.2.840.10045.2.1 (EC public key). */
    private static final byte[] EC = {6, 7, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};

    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final int CURVE = 0xa0;

    private PemKey() {}

    static PrivateKey read(Path file, String pem) throws StartFailed {
        Matcher block = BLOCK.matcher(pem);
        if (!block.find()) {
            throw new StartFailed("tls.key " + file + " holds no \"-----BEGIN PRIVATE KEY-----\".");
        }
        if (pem.contains("BEGIN ENCRYPTED") || pem.contains("Proc-Type: 4,ENCRYPTED")) {
            throw new StartFailed("tls.key " + file
                    + " is encrypted; decrypt it (openssl pkey -in FILE -out FILE2) and keep it readable by"
                    + " its owner only.");
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(block.group(2));
            return key(
                    switch (block.group(1)) {
                        case "RSA PRIVATE KEY" -> wrapped(RSA, der);
                        case "EC PRIVATE KEY" -> wrapped(joined(EC, curve(der)), der);
                        default -> der;
                    });
        } catch (GeneralSecurityException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new StartFailed("tls.key " + file + " holds no RSA, EC or Ed25519 key that can be read.", e);
        }
    }

    private static PrivateKey key(byte[] pkcs8) throws GeneralSecurityException {
        GeneralSecurityException last = new GeneralSecurityException("no such key");
        for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (GeneralSecurityException e) {
                last = e;
            }
        }
        throw last;
    }

    private static byte[] wrapped(byte[] algorithm, byte[] key) {
        return element(SEQUENCE, joined(VERSION, element(SEQUENCE, algorithm), element(OCTETS, key)));
    }

    /** The curve's identifier within SEC1: SEQUENCE { version, OCTET STRING, [0] { identifier }, … }. */
    private static byte[] curve(byte[] sec1) {
        int at = content(sec1, 0);
        at = end(sec1, at);
        at = end(sec1, at);
        if ((sec1[at] & 0xff) != CURVE) {
            throw new IllegalArgumentException("the key does not name its curve");
        }
        return Arrays.copyOfRange(sec1, content(sec1, at), end(sec1, at));
    }

    /** Where the content of the element at {@code at} begins. */
    private static int content(byte[] der, int at) {
        int length = der[at + 1] & 0xff;
        return at + 2 + (length < 0x80 ? 0 : length & 0x7f);
    }

    private static int end(byte[] der, int at) {
        int begin = content(der, at);
        int length = der[at + 1] & 0xff;
        if (length >= 0x80) {
            length = 0;
            for (int i = at + 2; i < begin; i++) {
                length = (length << 8) | (der[i] & 0xff);
            }
        }
        return Math.addExact(begin, length);
    }

    private static byte[] element(int tag, byte[] content) {
        int length = content.length;
        byte[] head;
        if (length < 0x80) {
            head = new byte[] {(byte) tag, (byte) length};
        } else if (length < 0x100) {
            head = new byte[] {(byte) tag, (byte) 0x81, (byte) length};
        } else {
            head = new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
        }
        return joined(head, content);
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
