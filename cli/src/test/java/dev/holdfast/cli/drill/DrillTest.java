package dev.holdfast.cli.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.cli.TinyServer;
import dev.holdfast.cli.TinyServer.Mischief;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The drill against a store that lies in every way the drill is there to find. */
class DrillTest {
    private static final DrillConfig SHORT = DrillConfig.of("b", "stale", Duration.ofMillis(150))
            .withPhases(Duration.ofMillis(30), Duration.ofMillis(300))
            .withTraffic(Traffic.DEFAULT.withConnections(4).withKeys(20));

    private TinyServer server;
    private Api api;
    private final List<Drill.News> news = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        server = new TinyServer();
        api = new Api(server.url(), TinyServer.TOKEN, "the test", Duration.ofSeconds(5), null);
    }

    @AfterEach
    void stop() {
        assertThat(server.faulty()).as("the fault is cleared").isFalse();
        assertThat(server.namespaceCount()).as("the namespace is deleted").isZero();
        api.close();
        server.close();
    }

    private DrillResult drill(Mischief mischief) throws InterruptedException {
        server.mischief = mischief;
        server.onlyInFault = true;
        try (Drill drill = new Drill(SHORT, api, api, news::add)) {
            return drill.run();
        }
    }

    @Test
    void anHonestStorePasses() throws InterruptedException {
        DrillResult result = drill(Mischief.NONE);
        assertThat(result.passed()).isTrue();
        assertThat(result.wrong()).isZero();
        assertThat(result.during().ok()).isPositive();
        assertThat(result.during().reads().p99Micros()).isPositive();
        assertThat(result.detectMillis()).isNotNull();
        assertThat(result.convergeMillis()).isNotNull();
        assertThat(result.writesHinted()).isPositive();
        assertThat(result.acknowledged()).isPositive();
        assertThat(result.unequalKeys()).isZero();
        assertThat(news).extracting(Drill.News::phase).contains(Phase.BEFORE, Phase.DURING, Phase.AFTER);
    }

    @Test
    void staleAnswersAreFound() throws InterruptedException {
        DrillResult result = drill(Mischief.STALE_READS);
        assertThat(result.passed()).isFalse();
        assertThat(result.stale()).isPositive();
        assertThat(result.wrongExamples()).isNotEmpty().allMatch(example -> example.startsWith("STALE: key-"));
    }

    @Test
    void alteredAnswersAreFound() throws InterruptedException {
        assertThat(drill(Mischief.ALTERED_READS).wrongByKind()).containsOnlyKeys("invented");
    }

    @Test
    void absencesOfWhatWasWrittenAreFound() throws InterruptedException {
        assertThat(drill(Mischief.ABSENT_READS).wrongByKind()).containsOnlyKeys("absent");
    }

    @Test
    void lostWritesAreFound() throws InterruptedException {
        DrillResult result = drill(Mischief.LOST_WRITES);
        assertThat(result.passed()).isFalse();
        assertThat(result.lost()).isPositive();
        assertThat(result.lostExamples().getFirst()).contains("was acknowledged, and the answer was");
    }

    @Test
    void refusedWritesAreFailedRequests() throws InterruptedException {
        DrillResult result = drill(Mischief.REFUSED_WRITES);
        assertThat(result.passed()).isFalse();
        assertThat(result.failures()).containsOnlyKeys("write: 503 too-few-homes");
        assertThat(result.wrong()).isZero();
        assertThat(result.lost()).isZero();
    }

    @Test
    void aProviderThatDoesNotComeBackIsAFailure() throws InterruptedException {
        DrillResult result = drill(Mischief.NEVER_CURRENT);
        assertThat(result.passed()).isFalse();
        assertThat(result.convergeMillis()).isNull();
        assertThat(result.failed()).isZero();
    }

    @Test
    void anUnknownProviderIsRefusedBeforeAnythingIsMade() {
        DrillConfig config = DrillConfig.of("c", "error", Duration.ofSeconds(1));
        try (Drill drill = new Drill(config, api, api, news::add)) {
            assertThatThrownBy(drill::run).isInstanceOf(Failure.class).hasMessageContaining("no provider \"c\"");
        }
    }

    @Test
    void noFaultIsSetWhileAnotherProviderIsInTrouble() {
        server.otherDown = true;
        try (Drill drill = new Drill(SHORT, api, api, news::add)) {
            assertThatThrownBy(drill::run).isInstanceOf(Failure.class).hasMessageContaining("a is down");
        }
    }

    @Test
    void aDrillInterruptedInTheFaultEndsTheFault() {
        Thread drilling = Thread.currentThread();
        DrillConfig endless = DrillConfig.of("b", "stale", Duration.ofHours(1))
                .withPhases(Duration.ZERO, Duration.ZERO)
                .withTraffic(Traffic.DEFAULT.withKeys(20));
        try (Drill drill = new Drill(endless, api, api, one -> {
            if (one.phase() == Phase.DURING) {
                assertThat(server.faulty()).isTrue();
                drilling.interrupt();
            }
        })) {
            assertThatThrownBy(drill::run).isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void aDrillThatWasStoppedSetsNoFaultAnyMore() throws InterruptedException {
        Drill drill = new Drill(SHORT, api, api, news -> {});
        List<Throwable> thrown = new ArrayList<>();
        Thread runs = Thread.ofVirtual().start(() -> {
            try {
                drill.run();
            } catch (Failure | InterruptedException expected) {
                thrown.add(expected);
            }
        });
        drill.close();
        runs.join();
        drill.close();
        assertThat(thrown).hasSize(1);
    }
}
