package dev.holdfast.simulation.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.KeyRef;
import dev.holdfast.simulation.coldstart.Popularity;
import dev.holdfast.simulation.replay.Markup;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the recoveries teach, in smaller worlds. That each check can break is in {@code RecoveryMutantsTest}. */
class RecoveriesTest {
    private static List<String> broken(Played played) {
        return played.findings().stream()
                .filter(finding -> !finding.kept())
                .map(Finding::check)
                .toList();
    }

    @ParameterizedTest
    @CsvSource({"herd, holdfast", "dns, holdfast", "config, holdfast-held"})
    void theEngineThatShipsKeepsAllChecks(String replay, String arm) {
        Played played = SmallRecoveries.play(replay, arm);
        assertThat(played.findings())
                .allSatisfy(finding -> assertThat(finding.kept())
                        .as(finding.check() + ": " + finding.words())
                        .isTrue());
    }

    /** Otherwise the world would be too kind to show anything. */
    @Test
    void tasksThatStartAllAtOnceWithoutBoundsDoNotComeBack() {
        assertThat(broken(SmallRecoveries.play("herd", Herd.SINGLE)))
                .contains("back by itself within 60 min", "at most twice the load of before");
    }

    @Test
    void healthChecksTakeOutTheLastHolderWhereOneIsTakenOutForThem() {
        assertThat(broken(SmallRecoveries.play("dns", EmptyDns.FIRST_ACK)))
                .contains(
                        "no empty answer is taken for the truth",
                        "the last holder of the data is not taken out",
                        "a late plan does not replace a newer one");
    }

    @Test
    void withBothAddressesLostLeasesComeBackByThemselves() {
        assertThat(broken(SmallRecoveries.play("dns", EmptyDns.BOTH)))
                .doesNotContain("back by itself within 15 min", "no empty answer is taken for the truth");
    }

    /** No store knows that a value is bad: what helps is what people do with its gates. */
    @Test
    void aBadFileComesEverywhereUnlessItIsHeldBack() {
        assertThat(broken(SmallRecoveries.play("config", BadConfig.HOLDFAST)))
                .containsExactly("a bad file comes to one place and no further");
    }

    @Test
    void aGateKeepsTheWriterOutAndTheLastGoodFileIsBackBeforeTheWriterIsStopped() {
        Played gated = SmallRecoveries.play("config", BadConfig.GATE);
        assertThat(broken(gated)).containsExactly("a bad file comes to one place and no further");
        assertThat(gated.facts().get(1).figure())
                .isEqualTo(Integer.toString(SmallRecoveries.BAD_CONFIG.known() + BadConfig.FOUND_MINUTES));
    }

    @Test
    void theSameRecoveryComesToTheSameAgain() {
        assertThat(SmallRecoveries.play("config", BadConfig.GATE))
                .isEqualTo(SmallRecoveries.play("config", BadConfig.GATE));
    }

    @Test
    void pageStandsAloneAndSaysWhatEveryCheckFoundAndWhatIsNotPrevented() {
        Recovery recovery = SmallRecoveries.BAD_CONFIG.recovery();
        List<Played> played = List.of(recovery.play(BadConfig.HOLDFAST), recovery.play(BadConfig.HELD));
        String page = RecoveryPage.of(recovery, played);
        assertThat(page)
                .contains(recovery.title(), "A store cannot know that a value is bad", BadConfig.HELD)
                .doesNotContain("<script", "http://", "https://", "src=");
        played.forEach(arm ->
                arm.findings().forEach(finding -> assertThat(page).contains(Markup.escaped(finding.words()))));
    }

    @Test
    void thatAKeyWhichHasAValueIsMissingIsFoundToBeAnEmptyAnswer() {
        Journal journal = new Journal();
        KeyRef ref = new KeyRef(Region.namespace(1, "any", 0).id(), Popularity.key(0));
        NoEmptyAnswer check = new NoEmptyAnswer(journal);
        check.read(ref, 5, Got.Nothing.ABSENT);
        assertThat(check.judge().kept())
                .as("nothing was written yet, and nothing judged")
                .isFalse();
        journal.acknowledged(ref, 1, 10);
        check.read(ref, 11, new Got.Value(1, 0, Version.NONE));
        assertThat(check.judge().kept()).isTrue();
        check.read(ref, 12, Got.Nothing.ABSENT);
        assertThat(check.judge().kept()).isFalse();
    }

    @Test
    void aWriteThatNoProviderHoldsIsFoundToBeLost() {
        Region region = new Region();
        Journal journal = new Journal();
        journal.acknowledged(new KeyRef(Region.namespace(1, "any", 0).id(), Popularity.key(0)), 1, 0);
        assertThat(new NothingLost(journal, region.providers()).judge().kept()).isFalse();
    }
}
