package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
    @TempDir
    Path folder;

    @Test
    void theCertificateIsThereForEveryKindOfServer() throws Exception {
        Tls tls = Tls.make(folder);
        assertThat(Files.readString(tls.certificate())).startsWith("-----BEGIN CERTIFICATE-----\n");
        assertThat(Files.readString(tls.key())).startsWith("-----BEGIN PRIVATE KEY-----\n");
        assertThat(new Tls(folder).context().getProtocol()).isEqualTo("TLS");
    }
}
