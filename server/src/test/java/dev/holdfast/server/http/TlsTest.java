package dev.holdfast.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.time.SystemTime;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TlsTest {
    private static final char[] PASSWORD = "password".toCharArray();

    @TempDir
    static Path folder;

    private static final class Hello implements Door {
        @Override
        public boolean claims(Call call) {
            return true;
        }

        @Override
        public void answer(Call call) {
            call.respond(200, "text/plain", (call.secure() + " " + call.path()).getBytes(UTF_8));
        }

        @Override
        public void refuse(Call call, int status, String sentence) {
            call.respond(status);
        }
    }

    private static SSLContext context() throws Exception {
        Path file = folder.resolve("keys.p12");
        if (!Files.exists(file)) {
            String keytool =
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
            Process made = new ProcessBuilder(
                            keytool,
                            "-genkeypair",
                            "-keyalg",
                            "EC",
                            "-alias",
                            "a",
                            "-dname",
                            "CN=localhost",
                            "-ext",
                            "SAN=DNS:localhost",
                            "-storetype",
                            "PKCS12",
                            "-keystore",
                            file.toString(),
                            "-storepass",
                            new String(PASSWORD))
                    .redirectErrorStream(true)
                    .start();
            byte[] said = made.getInputStream().readAllBytes();
            assertThat(made.waitFor()).as(new String(said, UTF_8)).isZero();
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD);
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(keys);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }

    @ParameterizedTest
    @EnumSource(
            value = HttpClient.Version.class,
            names = {"HTTP_1_1", "HTTP_2"})
    void bothVersionsAreSpokenOverTls(HttpClient.Version version) throws Exception {
        SSLContext context = context();
        HttpServer server = new HttpServer(
                Listener.onVirtualThreads("tls", "localhost", 0, context),
                HttpLimits.DEFAULT,
                List.of(new Hello()),
                new SystemTime());
        server.start();
        try (HttpClient client =
                HttpClient.newBuilder().sslContext(context).version(version).build()) {
            HttpRequest get = HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + "/a%2Fb"))
                    .build();
            HttpResponse<String> answer = client.send(get, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.version()).isEqualTo(version);
            assertThat(answer.body()).isEqualTo("true /a%2Fb");
        } finally {
            server.stop(Duration.ofSeconds(5));
        }
    }
}
