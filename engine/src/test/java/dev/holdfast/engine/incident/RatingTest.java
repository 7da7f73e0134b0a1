package dev.holdfast.engine.incident;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RatingTest {
    private static final long NOW = 1_000_000_000_000L;

    /** The table of docs/incidents.md. */
    @ParameterizedTest
    @CsvSource({
        "0, 1000, 100, 0, P0",
        "1, 1000, 100, 0, P1",
        "2, 1000, 100, 0, P1",
        "3, 1000, 100, 0, P2",
        "0, 1000, 10, 0, P1",
        "1, 1000, 10, 0, P2",
        "2, 1000, 10, 0, P2",
        "3, 1000, 10, 0, P3",
        "0, 1000, 0, 100, P1",
        "3, 1000, 0, 100, P3",
        "0, 1000, 3, 0, P2",
        "1, 1000, 3, 0, P3",
        "0, 1000, 0, 10, P2",
        "3, 1000, 0, 10, P3",
        "0, 1000, 0, 9, P4",
        "0, 1000, 2, 0, P4",
        "0, 3, 2, 0, P4",
        "3, 10, 5, 0, P0",
        "0, 0, 0, 0, P4",
    })
    void severityIsFromTheTierAndTheShareThatIsHurt(int tier, int requests, int refused, int stale, Severity due) {
        Flows flows = new Flows();
        flows.add(Seen.at(NOW).of(tier, requests, refused, stale, 0).observation());
        assertThat(Rating.rate(flows, NOW).severity()).isEqualTo(due);
    }

    @ParameterizedTest
    @CsvSource({"0, P1", "3, P3"})
    void whatIsLateHurtsAsWhatIsOld(int tier, Severity due) {
        Flows flows = new Flows();
        flows.add(Seen.at(NOW).of(tier, 1000, 0, 50, 50).observation());
        assertThat(Rating.rate(flows, NOW).severity()).isEqualTo(due);
    }

    @ParameterizedTest
    @CsvSource({"4, P0", "6, P4"})
    void whatIsOverFiveSecondsAgoHurtsNobody(int secondsLater, Severity due) {
        Flows flows = new Flows();
        flows.add(Seen.at(NOW).of(0, 100, 100, 0, 0).observation());
        assertThat(Rating.rate(flows, NOW + secondsLater * 1_000_000_000L).severity())
                .isEqualTo(due);
    }

    @ParameterizedTest
    @CsvSource({"0, 3, P0", "3, 0, P0"})
    void theWorstTierCounts(int one, int other, Severity due) {
        Flows flows = new Flows();
        flows.add(
                Seen.at(NOW).of(one, 1000, 150, 0, 0).of(other, 1000, 150, 0, 0).observation());
        assertThat(Rating.rate(flows, NOW).severity()).isEqualTo(due);
    }
}
