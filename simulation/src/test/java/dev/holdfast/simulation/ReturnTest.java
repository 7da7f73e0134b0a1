package dev.holdfast.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.simulation.ReturnStories.Told;
import org.junit.jupiter.api.Test;

/** The load on a provider that returns never exceeds twice what it was seen to bear, and users notice nothing (promise P6). */
class ReturnTest {

    private static void holds(Told told) {
        assertThat(told.proven()).isGreaterThan(180);
        assertThat(told.overload()).isLessThanOrEqualTo(2);
        assertThat(told.failed()).isZero();
    }

    @Test
    void tenThousandMissedWritesAreGivenWithinTwiceTheProvenLoad() {
        Told told = ReturnStories.hintsAreGiven();
        assertThat(told.hints()).isGreaterThan(10_000);
        assertThat(told.seconds()).isBetween(1.0, 120.0);
        holds(told);
    }

    @Test
    void placeThatHoldsNothingIsRefilledWithinTwiceTheProvenLoad() {
        Told told = ReturnStories.wipedPlaceIsRefilled();
        assertThat(told.seconds()).isBetween(1.0, 120.0);
        holds(told);
    }

    @Test
    void usersWhoWantThreeTimesAsMuchAreAnsweredByTheOthers() {
        Told told = ReturnStories.usersWantMoreThanBefore();
        assertThat(told.seconds()).isBetween(1.0, 90.0);
        holds(told);
    }

    @Test
    void providerWhoseRecordsAreAllReadIsGivenTwiceTheProvenLoadAtMost() {
        Told told = ReturnStories.allIsScrubbed();
        assertThat(told.seconds()).isBetween(1.0, 300.0);
        holds(told);
    }

    @Test
    void whatUsersWriteBeyondThatBecomesHints() {
        holds(ReturnStories.usersWriteMoreThanItMayBeGiven());
    }
}
