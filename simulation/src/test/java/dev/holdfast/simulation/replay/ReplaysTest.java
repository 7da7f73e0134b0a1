package dev.holdfast.simulation.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the outages teach, on a tenth of the load. */
class ReplaysTest {
    private static final Load SMALL = new Load(1_000, 4);

    static List<Scenario> all() {
        return Outages.ALL;
    }

    private static ArmResult play(Scenario scenario, Player.Way way) {
        return new Player(scenario, SMALL, way).play();
    }

    private static Scenario named(String name) {
        return Outages.named(name).orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("all")
    void holdfastFailsNothingServesNothingStaleAndLosesNothing(Scenario scenario) {
        ArmResult result = play(scenario, Player.Way.HOLDFAST);
        assertThat(result.during().requests()).isGreaterThan(1_000);
        assertThat(result.during().failed()).isZero();
        assertThat(result.during().stale()).isZero();
        assertThat(result.lost()).isZero();
    }

    @Test
    void oneProviderAndACacheThatForgetsFailAsOnTheDay() {
        ArmResult result = play(named("cf-2025-06-12"), Player.Way.SINGLE);
        assertThat(result.during().failed()).isBetween(0.8, 1.0);
        assertThat(result.during().failedWrites()).isEqualTo(1.0);
        assertThat(result.lost()).isZero();
    }

    @Test
    void acknowledgingOnTheFirstLosesWritesWhenThatOneNeverReturns() {
        // The few writes of the small load may all miss the half minute that it takes.
        Player player = new Player(
                named("cf-2025-06-12-for-good"),
                new Load(1_000, 40),
                new Player.Way("first-ack", Player.Way.TTL_NANOS, 600_000_000_000L));
        ArmResult result = player.play();
        assertThat(result.during().failed()).isZero();
        assertThat(result.lost()).isPositive();
    }

    @Test
    void acknowledgingOnTheFirstLosesNothingWhenTheOtherOneHadNotFailedBefore() {
        Scenario scenario = named("cf-2025-06-12-for-good");
        Scenario calm = new Scenario(
                scenario.name(),
                scenario.title(),
                List.of(),
                List.of(),
                List.of(),
                scenario.outageNanos(),
                List.of(scenario.events().getLast()));
        Player.Way rarelyRepaired = new Player.Way("first-ack", Player.Way.TTL_NANOS, 600_000_000_000L);
        assertThat(new Player(calm, new Load(1_000, 40), rarelyRepaired).play().lost())
                .isZero();
    }

    @Test
    void whatFirstAckServesStaleWhileOneProviderIsGoneIsItsCachesDoing() {
        ArmResult.Shares during =
                play(named("cf-2025-06-12"), Player.Way.FIRST_ACK).during();
        assertThat(during.overtaken()).isPositive();
        assertThat(during.old()).isZero();
    }

    @Test
    void firstAckServesWhatAnEmptyPlaceAnswersAndThatIsNotItsCachesDoing() {
        ArmResult.Shares after =
                play(named("unisuper-2024-deletion"), Player.Way.FIRST_ACK).after();
        assertThat(after.old()).isPositive();
    }

    @Test
    void staleIsLeftOutWhereNextToNothingIsAnswered() {
        ArmResult.Shares during =
                play(named("cf-2025-06-12"), Player.Way.SINGLE).during();
        assertThat(Verdict.stalePercent(during)).isEqualTo(Verdict.DASH);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 100",
        "0.5, 50.00",
        "0.00082, 0.082",
        "0.9997, 99.97",
        "0.999999, > 99.99",
        "0.000001, < 0.001"
    })
    void percentSaysNothingAndAllOnlyOfWhatIs(double share, String shown) {
        assertThat(Verdict.percent(share)).isEqualTo(shown + "\u00a0%");
    }

    @Test
    void oneProviderTakesWritesAgainOnceItsEmptyPlaceIsMadeAnew() {
        ArmResult result = play(named("unisuper-2024-deletion"), Player.Way.SINGLE);
        assertThat(result.during().failedWrites()).isEqualTo(1.0);
        assertThat(result.after().failed()).isZero();
        assertThat(result.lost()).isPositive();
    }

    @Test
    void sameReplayComesToTheSameAgain() {
        Scenario scenario = named("cf-2023-10-30-401");
        assertThat(play(scenario, Player.Way.HOLDFAST)).isEqualTo(play(scenario, Player.Way.HOLDFAST));
    }

    @Test
    void pageStandsAloneAndNamesEveryArm() {
        Scenario scenario = named("cf-2023-10-30-401");
        List<ArmResult> arms = List.of(
                play(scenario, Player.Way.SINGLE),
                play(scenario, Player.Way.FIRST_ACK),
                play(scenario, Player.Way.HOLDFAST));
        String page = Page.of(new Replays.Outcome(scenario, arms, List.of()));
        assertThat(page)
                .contains(
                        scenario.title(),
                        Markup.escaped(Player.Way.SINGLE.what()),
                        Markup.escaped(Player.Way.FIRST_ACK.what()))
                .doesNotContain("<script", "http://", "https://", "src=");
    }
}
