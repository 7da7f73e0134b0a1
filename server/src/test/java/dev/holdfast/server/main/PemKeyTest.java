package dev.holdfast.server.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PemKeyTest {
    private static final Path FILES = Path.of("src/test/resources/tls");

    @ParameterizedTest
    @CsvSource({
        "rsa-pkcs8.pem,RSA",
        "rsa-pkcs1.pem,RSA",
        "ec-pkcs8.pem,EC",
        "ec-sec1.pem,EC",
        "ec521-sec1-with-parameters.pem,EC",
        "ed25519-pkcs8.pem,EdDSA"
    })
    void everyUsualFormIsRead(String file, String algorithm) throws Exception {
        assertThat(read(file).getAlgorithm()).isEqualTo(algorithm);
    }

    @Test
    void theOldFormsHoldTheSameKeyAsTheNewOnes() throws Exception {
        assertThat(read("rsa-pkcs1.pem")).isEqualTo(read("rsa-pkcs8.pem"));
        assertThat(((ECPrivateKey) read("ec-sec1.pem")).getS()).isEqualTo(((ECPrivateKey) read("ec-pkcs8.pem")).getS());
    }

    private static PrivateKey read(String file) throws Exception {
        return PemKey.read(FILES.resolve(file), Files.readString(FILES.resolve(file)));
    }

    @Test
    void anEncryptedKeyIsRefusedWithWhatToDo() throws Exception {
        Path path = FILES.resolve("rsa-encrypted.pem");
        String pem = Files.readString(path);
        assertThatThrownBy(() -> PemKey.read(path, pem))
                .isInstanceOf(StartFailed.class)
                .hasMessageContaining("rsa-encrypted.pem is encrypted")
                .hasMessageContaining("openssl pkey");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
                "-----BEGIN EC PRIVATE KEY-----\nMAMCAQE=\n-----END EC PRIVATE KEY-----",
                "-----BEGIN EC PRIVATE KEY-----\nMIQ=\n-----END EC PRIVATE KEY-----",
                "-----BEGIN RSA PRIVATE KEY-----\nMAMCAQE=\n-----END RSA PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\nMAMCAQE="
            })
    void whatIsNoKeyIsRefusedWithTheFile(String pem) {
        assertThatThrownBy(() -> PemKey.read(Path.of("some.pem"), pem))
                .isInstanceOf(StartFailed.class)
                .hasMessageStartingWith("tls.key some.pem");
    }
}
