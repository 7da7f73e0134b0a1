package dev.holdfast.server.main;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.time.SystemTime;
import dev.holdfast.server.api.Described;
import dev.holdfast.server.config.TlsFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The certificate is replaced while connections are open; handshakes are real ones. */
class TlsRenewalTest {
    private static final Path TLS = Path.of("src/test/resources/tls");

    @TempDir
    Path folder;

    private Path certificate;
    private Path key;

    @BeforeEach
    void beginWithRsa() throws IOException {
        certificate = folder.resolve("certificate.pem");
        key = folder.resolve("key.pem");
        put("rsa-chain.pem", certificate);
        put("rsa-pkcs8.pem", key);
    }

    /** Replaces a file as tools do that renew certificates. */
    private static void put(String name, Path file) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        Files.copy(TLS.resolve(name), beside);
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private RunningServer server() throws Exception {
        return new RunningServer(
                folder.resolve("data"), Map.of("tls.certificate", certificate.toString(), "tls.key", key.toString()));
    }

    @Test
    void changedFilesAreFollowedOnBothPortsAndOpenConnectionsGoOn() throws Exception {
        try (RunningServer server = server();
                Connection open = new Connection(server.dataPort())) {
            assertThat(open.algorithm()).isEqualTo("RSA");
            assertThat(open.ask()).contains(" 401 ");
            put("ec-chain.pem", certificate);
            put("ec-sec1.pem", key);
            RunningServer.await(() -> algorithm(server.dataPort()).equals("EC")
                    && algorithm(server.adminPort()).equals("EC"));
            assertThat(open.ask()).contains(" 401 ");
            assertThat(admin(server, "GET", "/metrics").body())
                    .asString(StandardCharsets.UTF_8)
                    .contains("holdfast_tls_reloads_total{outcome=\"replaced\"} 1.0");
        }
    }

    @Test
    void whatCannotBeUsedIsRefusedAndSaid() throws Exception {
        try (RunningServer server = server()) {
            put("ec-chain.pem", certificate);
            HttpResponse<byte[]> refused = admin(server, "POST", "/v1/tls");
            assertThat(refused.statusCode()).isEqualTo(409);
            assertThat(new String(refused.body(), StandardCharsets.UTF_8))
                    .contains("tls-refused")
                    .contains("is not the key of the first certificate")
                    .contains("The earlier certificate stays.");
            assertThat(algorithm(server.dataPort())).isEqualTo("RSA");
            var shown =
                    new JsonMapper().readTree(admin(server, "GET", "/v1/tls").body());
            assertThat(shown.get("problem").asString()).contains("is not the key");
            assertThat(shown.get("subject").asString()).isEqualTo("CN=localhost");
            assertThat(admin(server, "GET", "/metrics").body())
                    .asString(StandardCharsets.UTF_8)
                    .contains("holdfast_tls_reloads_total{outcome=\"refused\"} ")
                    .doesNotContain("holdfast_tls_reloads_total{outcome=\"refused\"} 0.0")
                    .contains("holdfast_tls_certificate_not_after_seconds "
                            + (double) (shown.get("expires_at").asLong() / 1000));
            put("ec-pkcs8.pem", key);
            assertThat(admin(server, "POST", "/v1/tls").statusCode()).isEqualTo(200);
            assertThat(algorithm(server.dataPort())).isEqualTo("EC");
            assertThat(algorithm(server.adminPort())).isEqualTo("EC");
            assertThat(Files.readString(folder.resolve("data/audit.log")))
                    .contains("tls.reload")
                    .contains("refused: ");
        }
    }

    @Test
    void filesThatAreBeingReplacedAreNotReadBeforeTheyStayAsTheyAre() throws Exception {
        TlsRenewal renewal = renewal();
        put("ec-chain.pem", certificate);
        renewal.look();
        put("ec-sec1.pem", key);
        renewal.look();
        assertThat(renewal.state().replaced()).isZero();
        renewal.look();
        assertThat(renewal.state().replaced()).isEqualTo(1);
        assertThat(renewal.state().refused()).isZero();
    }

    @Test
    void aBrokenPairIsRefusedOnceAndTheNextGoodOneIsTaken() throws Exception {
        TlsRenewal renewal = renewal();
        List<SSLContext> taken = new ArrayList<>();
        renewal.presentTo(taken::add);
        Files.delete(key);
        for (int i = 0; i < 5; i++) {
            renewal.look();
        }
        assertThat(renewal.state().refused()).isEqualTo(1);
        assertThat(renewal.state().problem()).contains("key.pem cannot be read");
        assertThat(taken).hasSize(1);
        put("rsa-pkcs1.pem", key);
        renewal.look();
        renewal.look();
        assertThat(renewal.state().problem()).isNull();
        assertThat(taken).hasSize(2).last().isEqualTo(renewal.context());
    }

    @Test
    void anExpiredCertificateDoesNotReplaceAGoodOneButAnotherExpiredOne() throws Exception {
        TlsRenewal renewal = renewal();
        put("ec-expired-chain.pem", certificate);
        put("ec-sec1.pem", key);
        assertThat(renewal.reload().problem()).contains("is valid from 2020-01-01T00:00:00Z to");
        assertThat(renewal().reload().problem()).isNull();
    }

    private TlsRenewal renewal() throws StartFailed {
        return TlsRenewal.of(new TlsFiles(Optional.of(certificate), Optional.of(key)), new SystemTime())
                .orElseThrow();
    }

    private static String algorithm(int port) {
        try (Connection connection = new Connection(port)) {
            return connection.algorithm();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HttpResponse<byte[]> admin(RunningServer server, String method, String path) throws Exception {
        URI address = URI.create("https://localhost:" + server.adminPort() + path);
        HttpRequest request = HttpRequest.newBuilder(address)
                .method(method, BodyPublishers.noBody())
                .header("Authorization", "Bearer " + server.token)
                .build();
        try (HttpClient client =
                HttpClient.newBuilder().sslContext(trustingAll()).build()) {
            HttpResponse<byte[]> answer = client.send(request, BodyHandlers.ofByteArray());
            Described.check(true, method, path, null, answer);
            return answer;
        }
    }

    private static SSLContext trustingAll() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Trusting()}, null);
            return context;
        } catch (java.security.GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static final class Trusting implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /** One TLS connection, made anew and kept. */
    private static final class Connection implements AutoCloseable {
        private final SSLSocket socket;
        private final BufferedReader in;

        Connection(int port) throws IOException {
            socket = (SSLSocket) trustingAll().getSocketFactory().createSocket("localhost", port);
            socket.startHandshake();
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        }

        String algorithm() throws IOException {
            return socket.getSession().getPeerCertificates()[0].getPublicKey().getAlgorithm();
        }

        /** Asks for what needs a token, and gives the status line. */
        String ask() throws IOException {
            socket.getOutputStream()
                    .write("HEAD /v1/namespaces/n/values/k HTTP/1.1\r\nHost: localhost\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            String status = in.readLine();
            while (!in.readLine().isEmpty()) {
                // Headers.
            }
            return status;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
