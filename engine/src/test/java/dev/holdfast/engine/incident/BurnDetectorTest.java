package dev.holdfast.engine.incident;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BurnDetectorTest {
    private static final long LOOK = 250_000_000L;

    private final Flows flows = new Flows();
    private final BurnDetector detector = new BurnDetector(flows, .999);
    private long nanos;
    private List<Finding> found = List.of();

    private void look(long requests, long refused, int times) {
        for (int i = 0; i < times; i++) {
            nanos += LOOK;
            Observation now = Seen.at(nanos).of(1, requests, refused, 0, 0).observation();
            flows.add(now);
            List<Finding> these = new ArrayList<>();
            detector.look(now, these::add);
            found = these;
        }
    }

    @Test
    void aTotalFailureIsFoundInTheThirdLook() {
        look(25, 0, 100);
        look(25, 25, 2);
        assertThat(found).isEmpty();
        look(25, 25, 1);
        assertThat(found).hasSize(1);
        assertThat(found.getFirst().subject()).isEqualTo("tier 1");
    }

    @Test
    void oneFailedRequestOfThreeIsNone() {
        look(0, 0, 100);
        look(1, 1, 1);
        look(1, 0, 2);
        assertThat(found).isEmpty();
    }

    @Test
    void whatComesInOneLookIsNone() {
        look(50, 0, 100);
        look(50, 50, 1);
        look(50, 0, 10);
        assertThat(found).isEmpty();
    }

    @Test
    void aSlowBurnIsFoundLaterThanAFastOne() {
        // Three in a hundred: thirty times the budget of a thousandth.
        look(100, 0, 4 * 400);
        look(100, 3, 4 * 60);
        assertThat(found).isEmpty();
        look(100, 3, 4 * 240);
        assertThat(found).hasSize(1);
    }

    private boolean everFound(int minutes, long requests, long refused, int each) {
        boolean ever = false;
        for (int i = 1; i <= minutes; i++) {
            nanos += 60_000_000_000L - LOOK;
            look(requests, i % each == 0 ? refused : 0, 1);
            ever |= !found.isEmpty();
        }
        return ever;
    }

    @Test
    void overThreeDaysOneFailureOfAFewRequestsNowAndThenIsNone() {
        // Two and a half in a thousand, one of them each forty minutes.
        assertThat(everFound(72 * 60, 10, 1, 40)).isFalse();
        // As much of the budget, of many requests.
        assertThat(everFound(60, 1_000, 4, 1)).isTrue();
    }

    @Test
    void ofFewRequestsMostOfWhichFailItIsFoundWithinTheHour() {
        look(1, 0, 4 * 3_600);
        assertThat(everFound(60, 2, 1, 1)).isTrue();
    }

    @Test
    void itIsOverSoonAfterTheFailureIs() {
        look(25, 0, 4 * 3_600);
        look(25, 25, 40);
        assertThat(found).hasSize(1);
        look(25, 0, 4 * 60 + 24);
        assertThat(found).isEmpty();
    }

    @Test
    void aNamespaceIsToldOfWhenItsTierIsNot() {
        for (int i = 0; i < 40; i++) {
            nanos += LOOK;
            Observation now =
                    Seen.at(nanos).of(2, 1_000, 0, 0, 0).of(2, 10, 10, 0, 0).observation();
            flows.add(now);
            List<Finding> these = new ArrayList<>();
            detector.look(now, these::add);
            found = these;
        }
        assertThat(found).hasSize(1);
        assertThat(found.getFirst().subject()).startsWith("namespace ");
    }
}
