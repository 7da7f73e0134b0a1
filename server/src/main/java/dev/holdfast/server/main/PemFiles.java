package dev.holdfast.server.main;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** The certificate and key that both ports present, from PEM files. */
final class PemFiles {
    private static final char[] IN_MEMORY = "in memory only".toCharArray();

    private PemFiles() {}

    /**
     * What two files hold.
     *
     * @param own the certificate of the key, first of its chain
     */
    record Loaded(SSLContext context, X509Certificate own) {
        String subject() {
            return own.getSubjectX500Principal().getName();
        }

        Instant from() {
            return own.getNotBefore().toInstant();
        }

        Instant until() {
            return own.getNotAfter().toInstant();
        }
    }

    static Loaded load(Path certificateFile, Path keyFile) throws StartFailed {
        List<X509Certificate> chain = chain(certificateFile);
        PrivateKey key = PemKey.read(keyFile, text(keyFile));
        if (!belong(key, chain.getFirst().getPublicKey())) {
            throw new StartFailed(
                    "tls.key " + keyFile + " is not the key of the first certificate in " + certificateFile + ".");
        }
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("server", key, IN_MEMORY, chain.toArray(X509Certificate[]::new));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, IN_MEMORY);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return new Loaded(context, chain.getFirst());
        } catch (GeneralSecurityException | IOException e) {
            throw new StartFailed("The certificate in " + certificateFile + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static List<X509Certificate> chain(Path file) throws StartFailed {
        String pem = text(file);
        if (!pem.contains("-----BEGIN CERTIFICATE-----")) {
            throw new StartFailed("tls.certificate " + file + " holds no \"-----BEGIN CERTIFICATE-----\".");
        }
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.ISO_8859_1)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (CertificateException e) {
            throw new StartFailed("tls.certificate " + file + " cannot be used: " + e.getMessage() + ".", e);
        }
    }

    private static String text(Path file) throws StartFailed {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new StartFailed("The file " + file + " cannot be read: " + e + ".", e);
        }
    }

    private static boolean belong(PrivateKey key, PublicKey certified) {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> "EdDSA";
        };
        byte[] words = "do these two belong together".getBytes(StandardCharsets.US_ASCII);
        try {
            Signature sign = Signature.getInstance(algorithm);
            sign.initSign(key);
            sign.update(words);
            byte[] signed = sign.sign();
            Signature verify = Signature.getInstance(algorithm);
            verify.initVerify(certified);
            verify.update(words);
            return verify.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
