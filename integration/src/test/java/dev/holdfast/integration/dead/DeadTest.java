package dev.holdfast.integration.dead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.drill.Load;
import dev.holdfast.cli.drill.Tally;
import dev.holdfast.cli.drill.Traffic;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.http.Reply;
import dev.holdfast.integration.harness.Checks;
import dev.holdfast.integration.harness.HoldfastServer;
import dev.holdfast.integration.harness.Profile;
import dev.holdfast.integration.harness.Providers;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both providers fail at once. */
class DeadTest {
    private static final Duration NOTICED_WITHIN = Profile.LONG ? Duration.ofSeconds(1) : Duration.ofSeconds(15);
    private static final Duration ANSWERED_WITHIN = Profile.LONG ? Duration.ofMillis(100) : Duration.ofSeconds(5);
    private static final Duration WHOLE_WITHIN = Duration.ofSeconds(60);
    private static final int CROWD = 512;
    private static final int QUESTIONS = 50;
    private static final Traffic LIGHT =
            Traffic.DEFAULT.withConnections(4).withKeys(100).withReadShare(0.7);

    /**
     * In a key that the load leaves alone: a write that was under way when the providers died may be in the hint log, and a
     * read of its key is answered from there.
     */
    private static final String BEFORE = "written while all was well";

    @TempDir
    private Path directory;

    private final Tally tally = new Tally();
    private HoldfastServer server;
    private Providers providers;
    private String value;
    private Load load;

    @BeforeEach
    void serve() throws Exception {
        server = new HoldfastServer(directory);
        server.start();
        providers = new Providers(server.control());
        String namespace = server.makeNamespace("dead");
        value = "/v1/namespaces/" + namespace + "/values/quiet";
        server.store().require(server.store().call("PUT", value, Map.of(), BodyPublishers.ofString(BEFORE)));
        load = new Load(LIGHT, server.store(), namespace, tally);
        load.warm();
        load.start();
        Thread.sleep(2_000);
        Checks.noRequestFailed(tally);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"blackhole", "error", "unauthorized"})
    void itSaysSoAtOnceKeepsTheAdminPortAndRecoversByItself(String mode) throws Exception {
        for (String name : List.of("a", "b")) {
            server.control()
                    .require(server.control()
                            .send(
                                    "PUT",
                                    fault(name),
                                    Json.object().put("mode", mode).put("rate", 1.0)));
        }
        Duration noticed = awaitNobodyCurrent();

        Duration slowest = Duration.ZERO;
        for (int i = 0; i < QUESTIONS; i++) {
            slowest = longer(slowest, refusal("GET", value + "?mode=" + (i % 2 == 0 ? "confirmed" : "fresh")));
            slowest = longer(slowest, refusal("PUT", value));
            slowest = longer(slowest, refusal("DELETE", value));
        }
        Crowd crowd = new Crowd();
        Duration admin = askAdmin();
        long answered = crowd.leave();

        for (String name : List.of("a", "b")) {
            server.control().require(server.control().delete(fault(name)));
        }
        Duration whole = providers.awaitWhole(WHOLE_WITHIN);
        load.stop();
        System.out.println("both " + mode + ": noticed after " + noticed.toMillis() + " ms, slowest refusal "
                + slowest.toMillis() + " ms, slowest answer of the admin port under " + CROWD + " connections "
                + admin.toMillis() + " ms (they got " + answered + " answers), whole again after " + whole.toMillis()
                + " ms");

        assertThat(new String(server.store().get(value).body(), StandardCharsets.UTF_8))
                .as("a refused write has not happened")
                .isEqualTo(BEFORE);
        assertThat(noticed).isLessThanOrEqualTo(NOTICED_WITHIN);
        assertThat(slowest).isLessThanOrEqualTo(ANSWERED_WITHIN);
        assertThat(load.readBack()).as("acknowledged writes that are not there").isEmpty();
        Checks.noAnswerWasWrong(tally);
    }

    private static String fault(String provider) {
        return "/v1/providers/" + provider + "/fault";
    }

    private Duration awaitNobodyCurrent() throws InterruptedException {
        long begin = System.nanoTime();
        while (providers.look().stream().anyMatch(one -> one.state().equals("current"))) {
            assertThat(since(begin))
                    .as("until it is noticed: " + providers.look())
                    .isLessThan(WHOLE_WITHIN);
            Thread.sleep(5);
        }
        return since(begin);
    }

    /** One request, which must be refused with a sentence. @return how long that took */
    private Duration refusal(String method, String path) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Reply reply = server.store()
                .exchange(
                        method,
                        path,
                        Map.of(),
                        method.equals("PUT")
                                ? BodyPublishers.ofString("written while everything is dead")
                                : BodyPublishers.noBody());
        Duration took = since(begin);
        assertThat(reply.status()).as(method + ": " + reply.problem()).isEqualTo(503);
        assertThat(reply.problem().code()).isNotEmpty();
        assertThat(reply.problem().message()).contains("provider").endsWith(".");
        assertThat(reply.header("retry-after")).as("Retry-After of " + method).isPresent();
        return took;
    }

    private Duration askAdmin() {
        Duration slowest = Duration.ZERO;
        for (int i = 0; i < QUESTIONS; i++) {
            for (String path : List.of("/healthz", "/v1/status", "/metrics", "/v1/providers", "/v1/tokens")) {
                long begin = System.nanoTime();
                assertThat(server.control().get(path).status()).as(path).isEqualTo(200);
                slowest = longer(slowest, since(begin));
            }
            assertThat(server.control().get("/readyz").status()).as("/readyz").isEqualTo(503);
        }
        return slowest;
    }

    /** Many connections that ask the data port again and again. */
    private final class Crowd {
        private final AtomicBoolean done = new AtomicBoolean();
        private final AtomicLong answers = new AtomicLong();
        private final List<Thread> threads = new ArrayList<>();

        Crowd() throws InterruptedException {
            Api store = server.store();
            for (int i = 0; i < CROWD; i++) {
                threads.add(Thread.ofVirtual().start(() -> {
                    while (!done.get()) {
                        if (store.get(value + "?mode=confirmed").status() == 503) {
                            answers.incrementAndGet();
                        }
                    }
                }));
            }
            while (answers.get() < CROWD) {
                Thread.sleep(5);
            }
        }

        long leave() throws InterruptedException {
            done.set(true);
            for (Thread thread : threads) {
                thread.join();
            }
            return answers.get();
        }
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
