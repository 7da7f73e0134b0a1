package dev.holdfast.integration.sovereign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.http.Reply;
import dev.holdfast.integration.harness.Awaiting;
import dev.holdfast.integration.harness.CommandLine;
import dev.holdfast.integration.harness.HoldfastServer;
import dev.holdfast.integration.harness.Providers;
import dev.holdfast.providers.postgres.PostgresServer;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The raw bytes of every disk, searched for what was written. A namespace in the clear beside the sealed one shows each time that the search
 * would have found it.
 */
class SealedOnDiskTest {
    private static final Duration WITHIN = Duration.ofSeconds(60);
    private static final String KEY_BYTES = "7c".repeat(32);
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private static final String LARGE = "x".repeat(2_000_000);

    @TempDir
    private Path directory;

    /** What is planted in one namespace: words that share nothing with one another, so that no compression hides one behind another. */
    private record Planted(String namespace, long seed) {
        private String word(int which) {
            SplittableRandom random = new SplittableRandom(seed + which);
            StringBuilder word = new StringBuilder();
            for (int i = 0; i < 24; i++) {
                word.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
            }
            return word.toString();
        }

        String value() {
            return word(1);
        }

        String metadata() {
            return word(2);
        }

        String key() {
            return word(3);
        }

        /** Written while a provider was away. */
        String hinted() {
            return word(4);
        }

        String large() {
            return word(5);
        }

        List<String> content() {
            return List.of(value(), metadata(), hinted(), large());
        }
    }

    private Path keyFile() throws IOException {
        Path file = directory.resolve("eu.key");
        if (!Files.exists(file)) {
            Files.writeString(file, KEY_BYTES + "\n");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        return file;
    }

    private Map<String, String> withKey() throws IOException {
        return Map.of("HOLDFAST_ENCRYPTION_KEYS_EU_FILE", keyFile().toString());
    }

    private static String path(String namespace, String key) {
        return "/v1/namespaces/" + namespace + "/values/" + key;
    }

    private static void put(HoldfastServer at, String namespace, String key, String value, String metadata) {
        at.store()
                .require(at.store()
                        .call(
                                "PUT",
                                path(namespace, key),
                                Map.of("Holdfast-Metadata", "{\"m\":\"" + metadata + "\"}"),
                                BodyPublishers.ofString(value)));
    }

    private static Reply read(HoldfastServer at, String namespace, String key) {
        return at.store().get(path(namespace, key));
    }

    private static String text(Reply reply) {
        return new String(reply.body(), StandardCharsets.UTF_8);
    }

    private static Planted namespace(HoldfastServer server, String title, long seed) {
        return new Planted(server.makeNamespace(title), seed);
    }

    private static void fault(HoldfastServer server, String provider, boolean on) {
        String path = "/v1/providers/" + provider + "/fault";
        server.control()
                .require(
                        on
                                ? server.control()
                                        .send("PUT", path, Json.object().put("mode", "error"))
                                : server.control().delete(path));
    }

    /** Writes what is to be looked for, some of it while {@code away} is away. */
    private static void plant(HoldfastServer server, String away, Planted... all) throws InterruptedException {
        for (Planted each : all) {
            put(server, each.namespace(), each.key(), each.value(), each.metadata());
            put(server, each.namespace(), "large", LARGE + each.large(), each.metadata());
            assertThat(text(read(server, each.namespace(), each.key()))).isEqualTo(each.value());
        }
        fault(server, away, true);
        for (Planted each : all) {
            put(server, each.namespace(), "hinted", each.hinted(), each.metadata());
        }
        // What the near cache has is written to its disk a moment later.
        Awaiting.until(WITHIN, "the cache is on disk", () -> cacheWaiting(server), waiting -> waiting == 0);
    }

    private static long cacheWaiting(HoldfastServer server) {
        return server.control()
                .require(server.control().get("/v1/status"))
                .json()
                .at("/cache/disk_waiting")
                .asLong(0);
    }

    @Test
    void whoHasTheDisksOfNodesProvidersAndEdgesHasNothingOfASealedNamespaceButItsKeyNames() throws Exception {
        try (HoldfastServer origin = new HoldfastServer(directory.resolve("origin")).with(withKey());
                HoldfastServer keyed = new HoldfastServer(directory.resolve("keyed")).with(withKey());
                HoldfastServer keyless = new HoldfastServer(directory.resolve("keyless"))) {
            origin.start();
            Planted clear = namespace(origin, "clear", 100);
            Planted sealed = namespace(origin, "sealed", 200);
            CommandLine.of(origin).works("encryption", "seal", "sealed", "--key", "eu");
            keyed.asEdgeOf(origin).start();
            keyless.asEdgeOf(origin).start();
            plant(origin, "b", clear, sealed);
            for (HoldfastServer edge : List.of(keyed, keyless)) {
                for (Planted each : List.of(clear, sealed)) {
                    Awaiting.until(
                            WITHIN,
                            "an edge answers",
                            () -> text(read(edge, each.namespace(), each.key())),
                            each.value()::equals);
                }
            }
            keyed.stop();
            keyless.stop();
            // While the hints wait.
            origin.kill();

            assertThat(RawBytes.places(origin.data(), clear.value())).contains("a", "b", "local", "cache");
            assertThat(RawBytes.places(origin.data(), clear.metadata())).contains("a", "b", "local");
            assertThat(RawBytes.places(origin.data(), clear.hinted())).contains("a", "local");
            assertThat(RawBytes.places(origin.data(), clear.large())).contains("a", "b");
            for (HoldfastServer edge : List.of(keyed, keyless)) {
                assertThat(RawBytes.places(edge.data(), clear.value())).contains("cache");
            }
            for (String content : sealed.content()) {
                assertThat(RawBytes.with(directory, content)).as(content).isEmpty();
            }
            assertThat(RawBytes.places(origin.data(), sealed.key()))
                    .as("key names, which stay as they are")
                    .contains("a", "b", "local");
            assertThat(RawBytes.with(directory, KEY_BYTES))
                    .as("the master key")
                    .containsExactly(directory.relativize(keyFile()));

            keyed.start();
            keyless.start();
            Reply known = read(keyed, sealed.namespace(), sealed.key());
            assertThat(text(known))
                    .as("the last known good of an edge with the key")
                    .isEqualTo(sealed.value());
            assertThat(known.header("holdfast-source")).hasValue("disk");
            assertThat(read(keyless, sealed.namespace(), sealed.key()).status())
                    .as("of an edge without it")
                    .isEqualTo(503);

            origin.start();
            new Providers(origin.control()).awaitWhole(WITHIN);
            assertThat(text(read(origin, sealed.namespace(), "hinted"))).isEqualTo(sealed.hinted());
            origin.stop();
            for (String content : sealed.content()) {
                assertThat(RawBytes.with(directory, content)).as(content).isEmpty();
            }
        }
    }

    @Test
    void postgresHoldsNothingOfItInItsTablesOrItsLog() throws Exception {
        try (PostgresServer postgres = PostgresServer.create();
                HoldfastServer origin = new HoldfastServer(directory.resolve("origin"))
                        .with(withKey())
                        .configured("providers:\n  a:\n    kind: rocksdb\n" + pg(postgres))) {
            origin.start();
            Planted clear = namespace(origin, "clear", 100);
            Planted sealed = namespace(origin, "sealed", 200);
            CommandLine.of(origin).works("encryption", "seal", "sealed", "--key", "eu");
            plant(origin, "a", clear, sealed);
            Path data = dataOf(postgres);
            for (String content : List.of(clear.value(), clear.metadata(), clear.large())) {
                assertThat(RawBytes.with(data, content)).as(content).isNotEmpty();
            }
            for (String content : sealed.content()) {
                assertThat(RawBytes.with(data, content)).as(content).isEmpty();
            }
            assertThat(RawBytes.with(data, sealed.key())).isNotEmpty();
            assertThat(text(read(origin, sealed.namespace(), sealed.key()))).isEqualTo(sealed.value());
        }
    }

    private String pg(PostgresServer server) throws IOException {
        Path login = Files.writeString(
                directory.resolve("pg"), PostgresServer.SUPERUSER + " " + PostgresServer.PASSWORD + "\n");
        Files.setPosixFilePermissions(login, PosixFilePermissions.fromString("rw-------"));
        return "  pg:\n    kind: postgres\n    servers: 127.0.0.1:" + server.port() + "\n    database: "
                + PostgresServer.DATABASE + "\n    credentials: " + login + "\n    tls: off\n";
    }

    private static Path dataOf(PostgresServer server) throws Exception {
        String url = "jdbc:postgresql://127.0.0.1:" + server.port() + "/" + PostgresServer.DATABASE;
        try (Connection connection =
                        DriverManager.getConnection(url, PostgresServer.SUPERUSER, PostgresServer.PASSWORD);
                var statement = connection.createStatement()) {
            statement.execute("CHECKPOINT");
            try (ResultSet row = statement.executeQuery("SHOW data_directory")) {
                row.next();
                return Path.of(row.getString(1));
            }
        }
    }

    @Test
    void withoutItsKeyOrWithAnotherOneANodeAnswersThatAndNothingElse() throws Exception {
        try (HoldfastServer origin = new HoldfastServer(directory.resolve("origin")).with(withKey())) {
            origin.start();
            Planted sealed = namespace(origin, "sealed", 200);
            CommandLine line = CommandLine.of(origin);
            line.works("encryption", "seal", "sealed", "--key", "eu");
            put(origin, sealed.namespace(), sealed.key(), sealed.value(), sealed.metadata());
            String id = Json.text(
                    origin.control()
                            .require(origin.control().get("/v1/encryption"))
                            .json()
                            .at("/keys/0"),
                    "id",
                    "");
            origin.stop();
            Files.writeString(keyFile(), "11".repeat(32));
            origin.start();
            for (String mode : Set.of("", "?mode=fresh", "?mode=confirmed")) {
                Reply refused = origin.store().get(path(sealed.namespace(), sealed.key()) + mode);
                assertThat(refused.status()).isEqualTo(503);
                assertThat(text(refused)).contains("\"sealed\"", "master key eu", id);
            }
            assertThat(origin.store()
                            .call("PUT", path(sealed.namespace(), "new"), Map.of(), BodyPublishers.ofString("x"))
                            .status())
                    .isEqualTo(503);
            assertThat(line.run(List.of("encryption", "status")).exit()).isEqualTo(1);
            origin.stop();
            Files.writeString(keyFile(), KEY_BYTES);
            origin.start();
            assertThat(text(read(origin, sealed.namespace(), sealed.key()))).isEqualTo(sealed.value());
        }
    }

    @Test
    void aNamespaceThatHeldMuchIsSealedWhileItServesAndItsKeysAreChangedTwice() throws Exception {
        Path second = directory.resolve("second.key");
        Files.writeString(second, "3d".repeat(32));
        Files.setPosixFilePermissions(second, PosixFilePermissions.fromString("rw-------"));
        try (HoldfastServer origin = new HoldfastServer(directory.resolve("origin"))
                .with(withKey())
                .with(Map.of("HOLDFAST_ENCRYPTION_KEYS_SECOND_FILE", second.toString()))) {
            origin.start();
            Planted late = namespace(origin, "late", 200);
            for (int i = 0; i < 300; i++) {
                put(origin, late.namespace(), "k" + i, late.value() + i, late.metadata());
            }
            CommandLine line = CommandLine.of(origin);
            assertThat(line.run(List.of("encryption", "look", "late")).text()).contains("300");
            assertThat(line.works("encryption", "seal", "late", "--key", "eu").text())
                    .contains("a         300     0", "b         300     0");
            line.works("encryption", "rotate", "late");
            put(origin, late.namespace(), "k300", late.value() + 300, late.metadata());
            line.works("encryption", "rewrap", "late", "--key", "second");
            for (int i = 0; i <= 300; i++) {
                assertThat(text(read(origin, late.namespace(), "k" + i))).isEqualTo(late.value() + i);
            }
            // The first master key is of no use any more, to anybody.
            origin.stop();
            Files.writeString(keyFile(), "11".repeat(32));
            origin.start();
            assertThat(text(read(origin, late.namespace(), "k7"))).isEqualTo(late.value() + 7);
            assertThat(text(read(origin, late.namespace(), "k300"))).isEqualTo(late.value() + 300);
        }
    }
}
