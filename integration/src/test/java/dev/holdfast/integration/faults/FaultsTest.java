package dev.holdfast.integration.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.drill.Drill;
import dev.holdfast.cli.drill.DrillConfig;
import dev.holdfast.cli.drill.DrillResult;
import dev.holdfast.cli.drill.Traffic;
import dev.holdfast.engine.provider.FaultMode;
import dev.holdfast.integration.harness.HoldfastServer;
import dev.holdfast.integration.harness.Profile;
import dev.holdfast.integration.harness.Providers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every fault mode on either provider of one server, under load. The figures of the long profile are in docs/faults.md; only
 * that one judges latencies.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultsTest {
    private static final int SECONDS = Profile.number("faults.seconds", 5, 30);
    private static final int ROUNDS = Profile.number("faults.rounds", 1, 3);
    private static final Duration BEFORE = Duration.ofMillis(Math.max(1_500, SECONDS * 1_000L / 3));
    private static final Duration EQUAL_WITHIN = Duration.ofSeconds(30);
    private static final Traffic TRAFFIC = Traffic.DEFAULT.withConnections(64);

    private final List<DrillResult> results = new ArrayList<>();

    private HoldfastServer server;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        server = new HoldfastServer(directory);
        server.start();
        warmUp();
    }

    /** Fresh code is slow code: without this, the first modes would be measured against the compiler. */
    private void warmUp() throws InterruptedException {
        DrillConfig config = DrillConfig.of("a", FaultMode.ERROR.label(), Duration.ofSeconds(1))
                .withPhases(Duration.ofSeconds(Profile.LONG ? 30 : 5), EQUAL_WITHIN)
                .withTraffic(TRAFFIC);
        try (Drill drill = new Drill(config, server.store(), server.control(), _ -> {})) {
            drill.run();
        }
    }

    @AfterAll
    void stop() throws IOException {
        server.close();
        FaultTable.write(Path.of("target"), results);
    }

    static Stream<Arguments> everyModeOnEitherProvider() {
        // Such as "slow at b", to run one again.
        String only = System.getProperty("faults.only", "");
        return Stream.of(FaultMode.values())
                .flatMap(mode -> Stream.of("a", "b").map(at -> Arguments.of(at, mode)))
                .filter(each -> only.isEmpty() || only.equals(label(each)));
    }

    private static String label(Arguments each) {
        return ((FaultMode) each.get()[1]).label() + " at " + each.get()[0];
    }

    @ParameterizedTest(name = "{1} at {0}")
    @MethodSource("everyModeOnEitherProvider")
    void noRequestFailsNoAnswerIsWrongAndBothProvidersEndEqual(String provider, FaultMode mode) throws Exception {
        List<DrillResult> rounds = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            rounds.add(drill(provider, mode));
        }
        SoftAssertions softly = new SoftAssertions();
        for (DrillResult result : rounds) {
            softly.assertThat(result.failures()).as("failed requests").isEmpty();
            softly.assertThat(result.failed()).as("failed requests").isZero();
            softly.assertThat(result.wrongExamples()).as("wrong answers").isEmpty();
            softly.assertThat(result.wrong()).as("wrong answers").isZero();
            softly.assertThat(result.lostExamples()).as("lost writes").isEmpty();
            softly.assertThat(result.convergeMillis()).as("current again").isNotNull();
            softly.assertThat(result.unequalKeys()).as("unequal keys").isZero();
            softly.assertThat(result.equalMillis()).as("ms until equal").isNotNull();
        }
        if (Profile.LONG) {
            assertLatency(softly, "reads", rounds, DrillResult.PhaseResult::reads);
            assertLatency(softly, "writes", rounds, DrillResult.PhaseResult::writes);
        }
        softly.assertAll();
    }

    private DrillResult drill(String provider, FaultMode mode) throws InterruptedException {
        new Providers(server.control()).awaitWhole(EQUAL_WITHIN);
        DrillConfig config = DrillConfig.of(provider, mode.label(), Duration.ofSeconds(SECONDS))
                .withPhases(BEFORE, EQUAL_WITHIN)
                .withTraffic(TRAFFIC);
        try (Drill drill = new Drill(config, server.store(), server.control(), _ -> {})) {
            DrillResult result = drill.run();
            results.add(result);
            System.out.println(FaultTable.line(result));
            return result;
        }
    }

    private static void assertLatency(
            SoftAssertions softly, String what, List<DrillResult> rounds, FaultTable.Kind kind) {
        long before =
                FaultTable.median(rounds, result -> kind.of(result.before()).p99Micros());
        long during =
                FaultTable.median(rounds, result -> kind.of(result.during()).p99Micros());
        softly.assertThat(during)
                .as("p99 of " + what + " during the fault, in us, with %s before it", before)
                .isLessThanOrEqualTo(Math.max(3 * before, before + 20_000));
        assertThat(before).isPositive();
    }
}
