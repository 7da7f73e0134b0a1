package dev.holdfast.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate that all servers of a run present, and that our client trusts.
 *
 * @param folder where it lies: as a key store, and for servers that want PEM
 */
record Tls(Path folder) {
    private static final String ALIAS = "bench";
    private static final char[] PASSWORD = "not secret".toCharArray();
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    static Tls make(Path folder) throws IOException, InterruptedException {
        Tls tls = new Tls(folder);
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-alias",
                ALIAS,
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=IP:127.0.0.1,DNS:localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                tls.store().toString(),
                "-storepass",
                new String(PASSWORD));
        try (Child keytool = Child.silent("keytool", folder, command, Map.of())) {
            keytool.finish(PATIENCE);
        }
        try {
            KeyStore keys = tls.keys();
            Key key = keys.getKey(ALIAS, PASSWORD);
            pem(tls.certificate(), "CERTIFICATE", keys.getCertificate(ALIAS).getEncoded());
            pem(tls.key(), "PRIVATE KEY", key.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificate that was made cannot be used", e);
        }
        return tls;
    }

    private static void pem(Path file, String what, byte[] content) throws IOException {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        Files.writeString(file, "-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----\n");
    }

    private Path store() {
        return folder.resolve("tls.p12");
    }

    /** PEM. */
    Path certificate() {
        return folder.resolve("tls-certificate.pem");
    }

    /** PEM, not encrypted. */
    Path key() {
        return folder.resolve("tls-key.pem");
    }

    private KeyStore keys() throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store())) {
            keys.load(in, PASSWORD);
        }
        return keys;
    }

    /** For a server that presents the certificate, and for a client that trusts it. */
    SSLContext context() throws IOException {
        try {
            KeyStore keys = keys();
            KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            own.init(keys, PASSWORD);
            TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trusted.init(keys);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("the key store in " + folder + " cannot be used", e);
        }
    }
}
