package dev.holdfast.integration.engines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.http.Reply;
import dev.holdfast.integration.harness.Awaiting;
import dev.holdfast.integration.harness.HoldfastServer;
import dev.holdfast.integration.harness.Providers;
import dev.holdfast.providers.postgres.PostgresServer;
import dev.holdfast.providers.s3.Owner;
import dev.holdfast.providers.s3.S3Proxy;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A home whose heads are in PostgreSQL and whose large values are in S3, beside one in RocksDB. */
class LargeValuesTest {
    private static final Duration WITHIN = Duration.ofSeconds(60);
    private static final int LARGE = 200_000;

    @TempDir
    private Path directory;

    private PostgresServer postgres;
    private S3Proxy s3;
    private HoldfastServer server;

    @BeforeEach
    void start() throws Exception {
        postgres = PostgresServer.create();
        s3 = S3Proxy.start(directory.resolve("s3proxy"));
        try (Owner owner = new Owner(s3.endpoint())) {
            owner.makeBucket("large");
        }
        server = new HoldfastServer(Files.createDirectories(directory.resolve("server")))
                .configured("providers:\n" + Configured.postgres(postgres, directory)
                        + "    large-values:\n      over: 64KiB\n      to: s3\n"
                        + "  rocks:\n    kind: rocksdb\n"
                        + "blobs:\n" + Configured.s3(s3, "large", directory)
                        + "cache:\n  ttl: 0s\n");
        server.start();
        server.makeNamespace("notes");
        awaitWhole();
    }

    @AfterEach
    void stop() {
        server.close();
        s3.close();
        postgres.close();
    }

    @Test
    void largeValuesAreKeptAtBothHomesWhateverOfThemIsAway() throws Exception {
        for (int i = 0; i < 20; i++) {
            put("large" + i, i, LARGE);
            put("small" + i, i, 100);
        }
        awaitWhole();
        s3.kill();
        for (int i = 20; i < 40; i++) {
            put("large" + i, i, LARGE);
            put("small" + i, i, 100);
        }
        readsAll(40);
        s3.start();
        awaitWhole();
        compares();
        postgres.kill();
        put("large40", 40, LARGE);
        put("small40", 40, 100);
        postgres.start();
        awaitWhole();
        compares();
        readsAll(41);
    }

    @Test
    void aValueThatIsLostAtOneHomeIsRepairedFromTheOther() throws Exception {
        for (int i = 0; i < 10; i++) {
            put("large" + i, i, LARGE);
            put("small" + i, i, 100);
        }
        awaitWhole();
        try (Owner owner = new Owner(s3.endpoint())) {
            owner.empty("large");
        }
        readsAll(10);
        server.control().require(server.control().send("POST", "/v1/scrub", Json.object()));
        Awaiting.until(
                WITHIN,
                "scrubbing has read both through and repaired it",
                () -> server.control().get("/v1/scrub").json(),
                LargeValuesTest::isThroughWithNothingLeft);
        awaitWhole();
        // With the other home gone, all is there.
        server.control()
                .require(server.control()
                        .send("PUT", "/v1/providers/rocks/fault", Json.object().put("mode", "error")));
        readsAll(10);
    }

    /** While a home is not current, as after a read has shown what it lost, nothing is "running" there, and yet its pass is not over. */
    private static boolean isThroughWithNothingLeft(JsonNode scrub) {
        boolean through = !scrub.path("running").asBoolean(true)
                && scrub.path("unrepaired").asLong(-1) == 0;
        for (JsonNode pass : scrub.path("providers")) {
            through &= Json.text(pass, "doing", "?").isEmpty();
        }
        return through;
    }

    private void put(String key, int seed, int bytes) {
        Reply reply = server.store().call("PUT", path(key), Map.of(), BodyPublishers.ofByteArray(value(seed, bytes)));
        server.store().require(reply);
    }

    private void readsAll(int count) {
        for (int i = 0; i < count; i++) {
            reads("large" + i, i, LARGE);
            reads("small" + i, i, 100);
        }
    }

    private void reads(String key, int seed, int bytes) {
        Reply reply = server.store().require(server.store().get(path(key) + "?mode=confirmed"));
        assertThat(Arrays.equals(reply.body(), value(seed, bytes))).as(key).isTrue();
    }

    private static byte[] value(int seed, int bytes) {
        byte[] value = new byte[bytes];
        new SplittableRandom(seed).nextBytes(value);
        return value;
    }

    private static String path(String key) {
        return "/v1/namespaces/notes/values/" + key;
    }

    private void awaitWhole() throws InterruptedException {
        new Providers(server.control()).awaitWhole(WITHIN);
    }

    private void compares() throws InterruptedException {
        String before =
                server.control().get("/v1/compare").json().path("finished_at").asString("");
        server.control().require(server.control().send("POST", "/v1/compare", Json.object()));
        var now = Awaiting.until(
                WITHIN,
                "the comparison is over",
                () -> server.control().get("/v1/compare").json(),
                seen -> !seen.path("running").asBoolean(true)
                        && !seen.path("finished_at").asString("").equals(before));
        assertThat(now.at("/pass/divergent").asLong(-1)).isZero();
    }
}
