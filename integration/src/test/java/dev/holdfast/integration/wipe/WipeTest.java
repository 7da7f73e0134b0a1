package dev.holdfast.integration.wipe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.drill.Load;
import dev.holdfast.cli.drill.Scans;
import dev.holdfast.cli.drill.Tally;
import dev.holdfast.cli.drill.Traffic;
import dev.holdfast.integration.harness.Checks;
import dev.holdfast.integration.harness.HoldfastServer;
import dev.holdfast.integration.harness.Providers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A provider's directory is deleted with rm -rf, as an operator's slip would. */
class WipeTest {
    private static final Duration WHOLE_WITHIN = Duration.ofSeconds(60);
    private static final int KEYS = 1_000;
    private static final Traffic TRAFFIC = Traffic.DEFAULT.withConnections(32).withKeys(KEYS);

    @TempDir
    private Path directory;

    private final Tally tally = new Tally();
    private HoldfastServer server;
    private String namespace;
    private Load load;

    @BeforeEach
    void fill() throws Exception {
        server = new HoldfastServer(directory);
        server.start();
        namespace = server.makeNamespace("wipe");
        load = new Load(TRAFFIC, server.store(), namespace, tally);
        load.warm();
        Checks.noRequestFailed(tally);
        Checks.endsEqual(server, namespace, WHOLE_WITHIN);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b"})
    void deletedWhileRunningItIsRefilledAndNothingFailsMeanwhile(String provider) throws Exception {
        load.start();
        Thread.sleep(1_000);
        delete(provider);
        Duration noticed = awaitNotCurrent(provider);
        Duration whole = new Providers(server.control()).awaitWhole(WHOLE_WITHIN);
        Thread.sleep(500);
        load.stop();
        judge("deleted while running: " + provider + ", noticed after " + noticed.toMillis() + " ms, ", whole);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b"})
    void deletedWhileStoppedItsAbsencesAreNotBelievedFromTheFirstRequestOn(String provider) throws Exception {
        server.stop();
        delete(provider);
        server.start();
        load.start();
        Duration whole = new Providers(server.control()).awaitWhole(WHOLE_WITHIN);
        Thread.sleep(500);
        load.stop();
        judge("deleted while stopped: " + provider + ", ", whole);
    }

    private void delete(String provider) throws Exception {
        Path place = server.data().resolve(provider);
        assertThat(place).isDirectory();
        new ProcessBuilder("rm", "-rf", place.toString()).inheritIO().start().waitFor();
        assertThat(Files.exists(place.resolve("CURRENT")) && server.alive())
                .as("still there")
                .isFalse();
    }

    private Duration awaitNotCurrent(String provider) throws InterruptedException {
        Providers providers = new Providers(server.control());
        long begin = System.nanoTime();
        while (providers.look().stream()
                .anyMatch(one -> one.name().equals(provider) && one.state().equals("current"))) {
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .as("until it is noticed")
                    .isLessThan(WHOLE_WITHIN);
            Thread.sleep(5);
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private void judge(String what, Duration whole) throws Exception {
        Scans.Comparison comparison = Checks.endsEqual(server, namespace, WHOLE_WITHIN);
        System.out.println(what + "current again after " + whole.toMillis() + " ms; " + tally.okay() + " requests, "
                + tally.failed() + " failed, " + tally.wrongAnswers() + " wrong; rows " + comparison.rows());
        assertThat(load.readBack()).as("acknowledged writes that are not there").isEmpty();
        Checks.noRequestFailed(tally);
        Checks.noAnswerWasWrong(tally);
        assertThat(comparison.rows().values()).allMatch(rows -> rows == KEYS);
    }
}
