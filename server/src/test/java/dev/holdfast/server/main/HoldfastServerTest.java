package dev.holdfast.server.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.server.main.RunningServer.Reply;
import dev.holdfast.server.token.AdminTokenFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HoldfastServerTest {
    private static final Path TLS = Path.of("src/test/resources/tls");

    @TempDir
    Path folder;

    @Test
    void theFirstStartMakesItsFolderAndSaysWhatMatters() throws Exception {
        Path data = folder.resolve("deep/data");
        try (RunningServer server = new RunningServer(data)) {
            assertThat(server.said.getLast())
                    .isEqualTo("Serving on http://127.0.0.1:" + server.dataPort() + ", admin on http://127.0.0.1:"
                            + server.adminPort() + ", drills on.");
            assertThat(server.said)
                    .filteredOn(line -> line.contains(server.token))
                    .hasSize(1);
            assertThat(String.join("\n", server.said))
                    .contains("Providers a and b are one failure domain")
                    .contains("Durability 2 cannot hold");
            assertThat(Files.readString(data.resolve("account-id"))).matches("[0-9a-f]{32}\n");
            for (String secret : List.of("admin-token", "cluster-key", "account-id", "node-name")) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(secret))))
                        .as(secret)
                        .isEqualTo("rw-------");
            }
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void everythingIsThereAgainAfterARestartAndTheTokenIsNotShownTwice() throws Exception {
        String secret;
        String namespace;
        try (RunningServer server = new RunningServer(folder)) {
            namespace = server.namespace("kept");
            secret = server.token("*", "read");
            server.data("PUT", "/v1/namespaces/kept/values/k", "v");
        }
        try (RunningServer server = new RunningServer(folder)) {
            assertThat(String.join("\n", server.said)).doesNotContain(server.token);
            assertThat(server.send(server.dataPort(), secret, "GET", "/v1/namespaces/kept/values/k", null)
                            .text())
                    .isEqualTo("v");
            assertThat(server.data("GET", "/v1/namespaces/kept", null)
                            .json()
                            .get("id")
                            .asString())
                    .isEqualTo(namespace);
        }
    }

    @Test
    void aSecondServerOnTheSameFolderIsRefusedInOneLine() throws Exception {
        try (RunningServer first = new RunningServer(folder)) {
            assertThatThrownBy(() -> new RunningServer(folder))
                    .isInstanceOf(StartFailed.class)
                    .hasMessage("The data folder " + folder + " is in use by another server (process "
                            + ProcessHandle.current().pid() + "); stop it, or name another with --data.");
            assertThat(first.admin("GET", "/v1/status", null).status()).isEqualTo(200);
        }
        new RunningServer(folder).close();
    }

    @Test
    void aPortInUseIsNamedAndNothingStaysOpen() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            assertThatThrownBy(() -> new RunningServer(folder, Map.of("listen", address)))
                    .isInstanceOf(StartFailed.class)
                    .hasMessageContaining("data port")
                    .hasMessageContaining(address);
        }
        new RunningServer(folder).close();
    }

    @Test
    void itStartsAndAnswersWithEveryProviderGone() throws Exception {
        try (RunningServer server = new RunningServer(folder)) {
            server.namespace("n");
            server.data("PUT", "/v1/namespaces/n/values/k", "v");
        }
        delete(folder.resolve("a"));
        delete(folder.resolve("b"));
        Files.writeString(folder.resolve("b"), "not a folder");
        try (RunningServer server = new RunningServer(folder)) {
            Reply read = server.data("GET", "/v1/namespaces/n/values/k", null);
            assertThat(read.text()).isEqualTo("v");
            assertThat(read.header("CF-Cache-Status")).isEqualTo("STALE");
            assertThat(read.header("Holdfast-Source")).isEqualTo("disk");
            assertThat(read.header("Holdfast-Confirmed")).isEqualTo("false");
            assertThat(server.data("GET", "/v1/namespaces/n/values/other", null).status())
                    .isEqualTo(503);
            assertThat(server.data("GET", "/v1/namespaces", null).text()).contains("\"n\"");
            assertThat(server.send(server.adminPort(), "", "GET", "/healthz", null)
                            .status())
                    .isEqualTo(200);
            assertThat(server.admin("GET", "/v1/status", null)
                            .json()
                            .get("can_lose_one")
                            .asBoolean())
                    .isFalse();
        }
    }

    @Test
    void aDiskDownToItsReserveTakesNoWritesAndGoesOnReading() throws Exception {
        try (RunningServer server = new RunningServer(folder)) {
            server.namespace("n");
            server.data("PUT", "/v1/namespaces/n/values/k", "v");
        }
        try (RunningServer server =
                new RunningServer(folder, Map.of("disk.reserve", "1023TiB", "disk.alarm", "1023TiB"))) {
            Reply write = server.data("PUT", "/v1/namespaces/n/values/k", "w");
            assertThat(write.status()).isEqualTo(503);
            assertThat(write.code()).isEqualTo("local-disk-full");
            assertThat(server.data("GET", "/v1/namespaces/n/values/k", null).text())
                    .isEqualTo("v");
            Reply status = server.admin("GET", "/v1/status", null);
            assertThat(status.json().at("/hints/alarm").asBoolean()).isTrue();
        }
    }

    @Test
    void theAdminPortAnswersWhileTheDataPortIsSaturated() throws Exception {
        try (RunningServer server = new RunningServer(folder, Map.of("http.calls", "50"))) {
            server.namespace("n");
            server.data("PUT", "/v1/namespaces/n/values/k", "v");
            server.fault("a", "blackhole");
            server.fault("b", "blackhole");
            CountDownLatch begun = new CountDownLatch(200);
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                callers.add(Thread.startVirtualThread(() -> {
                    begun.countDown();
                    try {
                        server.data("GET", "/v1/namespaces/n/values/k", null);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }));
            }
            begun.await();
            for (int i = 0; i < 20; i++) {
                long start = System.nanoTime();
                assertThat(server.admin("GET", "/v1/status", null).status()).isEqualTo(200);
                assertThat(System.nanoTime() - start).isLessThan(2_000_000_000L);
            }
            for (Thread caller : callers) {
                caller.join();
            }
        }
    }

    @Test
    void withoutDrillsProvidersCannotBeMadeToFail() throws Exception {
        try (RunningServer server = new RunningServer(folder, Map.of("drills", "false"))) {
            String id = server.namespace("n");
            Reply put = server.admin("PUT", "/v1/providers/a/fault", "{\"mode\":\"error\"}");
            assertThat(put.status()).isEqualTo(403);
            assertThat(put.code()).isEqualTo("drills-off");
            assertThat(server.admin("DELETE", "/v1/providers/a/fault", null).code())
                    .isEqualTo("drills-off");
            assertThat(server.admin("GET", "/v1/raw/a?namespace=" + id, null).code())
                    .isEqualTo("drills-off");
            assertThat(server.admin("GET", "/v1/providers/a/fault", null)
                            .json()
                            .get("fault")
                            .isNull())
                    .isTrue();
            assertThat(server.state("a")).isEqualTo("current");
        }
    }

    @Test
    void anAdminTokenResetInTheFolderIsFollowedWhileRunning() throws Exception {
        try (RunningServer server = new RunningServer(folder)) {
            String fresh = AdminTokenFile.reset(folder);
            RunningServer.await(() -> status(server, fresh) == 200);
            // The new one is made before the old one is revoked, so that there is one at every moment.
            RunningServer.await(() -> status(server, server.token) == 401);
            assertThat(status(server, fresh)).isEqualTo(200);
        }
    }

    @Test
    void stoppingTwiceIsStoppingOnce() throws Exception {
        RunningServer server = new RunningServer(folder);
        server.close();
        server.close();
        assertThatThrownBy(() -> server.admin("GET", "/healthz", null)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @CsvSource({"rsa-chain.pem,rsa-pkcs8.pem", "rsa-chain.pem,rsa-pkcs1.pem", "ec-chain.pem,ec-sec1.pem"})
    void bothPortsSpeakTlsWithACertificate(String certificate, String key) throws Exception {
        Map<String, String> files = Map.of(
                "tls.certificate",
                TLS.resolve(certificate).toString(),
                "tls.key",
                TLS.resolve(key).toString());
        try (RunningServer server = new RunningServer(folder, files);
                HttpClient client = HttpClient.newBuilder()
                        .sslContext(trusting(TLS.resolve(certificate)))
                        .build()) {
            assertThat(server.said.getLast()).contains("https://");
            assertThat(https(client, server.adminPort(), "/healthz")).isEqualTo(200);
            assertThat(https(client, server.dataPort(), "/v1/namespaces")).isEqualTo(401);
        }
    }

    @Test
    void anExpiredCertificateDoesNotStopTheStart() throws Exception {
        new RunningServer(
                        folder,
                        Map.of(
                                "tls.certificate",
                                TLS.resolve("ec-expired-chain.pem").toString(),
                                "tls.key",
                                TLS.resolve("ec-sec1.pem").toString()))
                .close();
    }

    @ParameterizedTest
    @CsvSource({
        "rsa-chain.pem,ec-sec1.pem,is not the key of the first certificate",
        "rsa-pkcs8.pem,rsa-pkcs8.pem,holds no",
        "rsa-chain.pem,rsa-chain.pem,holds no",
        "none.pem,rsa-pkcs8.pem,cannot be read",
        "rsa-chain.pem,none.pem,cannot be read"
    })
    void aBadTlsFileIsNamed(String certificate, String key, String says) {
        Map<String, String> files = Map.of(
                "tls.certificate",
                TLS.resolve(certificate).toString(),
                "tls.key",
                TLS.resolve(key).toString());
        assertThatThrownBy(() -> new RunningServer(folder, files))
                .isInstanceOf(StartFailed.class)
                .hasMessageContaining(says);
    }

    @ParameterizedTest
    @CsvSource({
        "node-name,a/b,1 to 64 letters",
        "account-id,none,32 lower-case",
        "cluster-key,zz,64 hexadecimal",
        "cluster-key,00,64 hexadecimal"
    })
    void aSpoiltFileOfTheFolderIsNamed(String name, String content, String says) throws Exception {
        Files.writeString(folder.resolve(name), content);
        assertThatThrownBy(() -> new RunningServer(folder))
                .isInstanceOf(StartFailed.class)
                .hasMessageContaining(name)
                .hasMessageContaining(says);
    }

    private static int status(RunningServer server, String token) {
        try {
            return server.send(server.adminPort(), token, "GET", "/v1/status", null)
                    .status();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int https(HttpClient client, int port, String path) throws Exception {
        return client.send(
                        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path))
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }

    private static SSLContext trusting(Path certificate) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (var in = Files.newInputStream(certificate)) {
            store.setCertificateEntry(
                    "server", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                if (Files.isDirectory(file)) {
                    delete(file);
                } else {
                    Files.delete(file);
                }
            }
        }
        Files.delete(Objects.requireNonNull(directory));
    }
}
