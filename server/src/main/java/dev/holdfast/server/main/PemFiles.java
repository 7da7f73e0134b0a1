package dev.holdfast.server.main;

import dev.holdfast.server.config.TlsFiles;
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
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The certificate and key that both ports present, from PEM files. */
final class PemFiles {
    private static final Logger LOG = LoggerFactory.getLogger(PemFiles.class);
    private static final char[] IN_MEMORY = "in memory only".toCharArray();

    private PemFiles() {}

    /** Empty when no files are configured. */
    static Optional<SSLContext> load(TlsFiles files) throws StartFailed {
        if (files.certificate().isEmpty() || files.key().isEmpty()) {
            return Optional.empty();
        }
        Path certificateFile = files.certificate().get();
        Path keyFile = files.key().get();
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
            return Optional.of(context);
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
            List<X509Certificate> chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.ISO_8859_1)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            warnIfOutOfDate(file, chain.getFirst());
            return chain;
        } catch (CertificateException e) {
            throw new StartFailed("tls.certificate " + file + " cannot be used: " + e.getMessage() + ".", e);
        }
    }

    /** Not refused: a restart must not turn an expired certificate into a store that does not start. */
    private static void warnIfOutOfDate(Path file, X509Certificate certificate) {
        try {
            certificate.checkValidity();
        } catch (CertificateExpiredException | CertificateNotYetValidException e) {
            LOG.warn(
                    "tls.certificate {} is valid from {} to {}, not now; clients will not trust it",
                    file,
                    certificate.getNotBefore().toInstant(),
                    certificate.getNotAfter().toInstant());
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
