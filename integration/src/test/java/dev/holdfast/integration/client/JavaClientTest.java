package dev.holdfast.integration.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.client.Answer;
import dev.holdfast.client.Condition;
import dev.holdfast.client.Freshness.Source;
import dev.holdfast.client.Holdfast;
import dev.holdfast.client.HoldfastException;
import dev.holdfast.client.ListedKey;
import dev.holdfast.client.Namespace;
import dev.holdfast.client.PutOptions;
import dev.holdfast.client.ReadMode;
import dev.holdfast.client.Receipt;
import dev.holdfast.integration.harness.HoldfastServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JavaClientTest {
    private static final long CACHE_BYTES = 8 << 20;

    @TempDir
    private Path directory;

    private HoldfastServer server;
    private Path cache;

    @BeforeEach
    void start() throws Exception {
        server = new HoldfastServer(directory);
        server.start();
        server.makeNamespace("notes");
        cache = directory.resolve("near");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Holdfast.Builder builder() throws IOException {
        URI url = server.store().base();
        return Holdfast.builder()
                .endpoint(url)
                .token(Files.readString(server.data().resolve("admin-token")).strip());
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void everyCallDoesWhatItSays(HttpClient.Version version) throws IOException {
        try (Holdfast client = builder().version(version).build()) {
            Namespace notes = client.namespace("notes");
            String key = "dir/../ä b%" + version;
            assertThat(notes.get(key).present()).isFalse();
            Receipt first = notes.put(
                    key,
                    "world",
                    PutOptions.DEFAULT
                            .onlyIf(Condition.ABSENT)
                            .metadata("{\"é\":1}")
                            .expiresAfter(Duration.ofHours(1)));
            assertThat(first.homes()).isNotEmpty();
            Answer answer = notes.get(key, ReadMode.FRESH);
            assertThat(answer.text()).hasValue("world");
            assertThat(answer.version()).hasValue(first.version());
            assertThat(answer.value().orElseThrow().metadata().orElseThrow()).contains("1");
            assertThat(answer.value().orElseThrow().expiration()).isPresent();
            assertThat(answer.freshness().confirmed()).isTrue();

            Receipt second = notes.compareAndSet(key, first.version(), "you");
            assertThat(second.version()).isGreaterThan(first.version());
            var failed = catchThrowableOfType(
                    HoldfastException.ConditionFailed.class, () -> notes.compareAndSet(key, first.version(), "late"));
            assertThat(failed.current()).hasValue(second.version());

            for (int i = 0; i < 5; i++) {
                notes.put("page-" + version + "-" + i, "v");
            }
            assertThat(notes.list("page-" + version).pageSize(2).stream().map(ListedKey::version))
                    .hasSize(5)
                    .isSorted();
            notes.delete(key, Condition.PRESENT);
            assertThat(notes.get(key).present()).isFalse();
            assertThatThrownBy(() -> client.namespace("no such").get("k"))
                    .isInstanceOf(HoldfastException.Refused.class);
        }
    }

    @Test
    void itAnswersWhileTheServerIsDeadAndGoesOnWhenItIsBack() throws Exception {
        try (Holdfast client = builder()
                .nearCache(cache, CACHE_BYTES)
                .refreshAfter(Duration.ZERO)
                .build()) {
            Namespace notes = client.namespace("notes");
            notes.put("k", "v");
            assertThat(notes.get("k").freshness().source()).isEqualTo(Source.SERVER);
            server.kill();
            for (int i = 0; i < 1_000; i++) {
                Answer answer = notes.get("k");
                assertThat(answer.text()).hasValue("v");
                assertThat(answer.freshness().lastKnownGood()).isTrue();
            }
            assertThatThrownBy(() -> notes.within(Duration.ofMillis(300)).put("k", "w"))
                    .isInstanceOf(HoldfastException.Unavailable.class);
        }
        try (Holdfast started = builder().nearCache(cache, CACHE_BYTES).build()) {
            Namespace notes = started.namespace("notes");
            assertThat(notes.get("k").text()).hasValue("v");
            server.start();
            // It waits as long as it takes for the server to be asked again.
            notes.put("k", "w");
            assertThat(notes.get("k", ReadMode.CONFIRMED).text()).hasValue("w");
        }
    }

    @Test
    void whatAKilledClientKnewItsSuccessorKnows() throws Exception {
        try (Holdfast client = builder().build()) {
            for (int i = 0; i < 100; i++) {
                client.namespace("notes").put("k" + i, "v" + i);
            }
        }
        Process reader = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledReader.class.getName(),
                        server.store().base().toString(),
                        server.data().resolve("admin-token").toString(),
                        cache.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said = reader.inputReader()) {
            assertThat(said.readLine()).isEqualTo("read");
        } finally {
            reader.destroyForcibly().waitFor();
        }
        server.kill();
        try (Holdfast client = builder()
                .nearCache(cache, CACHE_BYTES)
                .refreshAfter(Duration.ZERO)
                .build()) {
            for (int i = 0; i < 100; i++) {
                Answer answer = client.namespace("notes").get("k" + i);
                assertThat(answer.text()).hasValue("v" + i);
                assertThat(answer.freshness().source()).isEqualTo(Source.DISK);
                assertThat(answer.freshness().lastKnownGood()).isTrue();
            }
        }
    }
}
