package dev.holdfast.server.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The certificate of both ports. Either both files are given or neither. */
public record TlsFiles(Optional<Path> certificate, Optional<Path> key) {
    static final Setting<Optional<Path>> CERTIFICATE = new Setting<>(
            "tls.certificate",
            Type.optional(Type.PATH),
            "",
            "PEM file with the certificate chain, the server's own first. With it, both ports speak TLS only;"
                    + " when it is replaced, so is what they present.");
    static final Setting<Optional<Path>> KEY = new Setting<>(
            "tls.key",
            Type.optional(Type.PATH),
            "",
            "PEM file with the private key of the certificate, not encrypted: PKCS#8, PKCS#1 (RSA) or SEC1 (EC).");
    static final List<Setting<?>> SETTINGS = List.of(CERTIFICATE, KEY);

    static TlsFiles from(Values values) {
        TlsFiles files = new TlsFiles(values.get(CERTIFICATE), values.get(KEY));
        if (files.certificate.isPresent() && files.key.isEmpty()) {
            values.problem(CERTIFICATE, "needs tls.key beside it");
        }
        if (files.key.isPresent() && files.certificate.isEmpty()) {
            values.problem(KEY, "needs tls.certificate beside it");
        }
        return files;
    }
}
