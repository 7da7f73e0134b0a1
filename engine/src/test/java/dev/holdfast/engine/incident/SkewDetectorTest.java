package dev.holdfast.engine.incident;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SkewDetectorTest {
    private static List<Finding> found(Seen seen) {
        List<Finding> found = new ArrayList<>();
        new SkewDetector().look(seen.observation(), found::add);
        return found;
    }

    @Test
    void clocksThatMayAgreeAreNoAlarm() {
        assertThat(found(Seen.at(0).clock("node y", -9_000, 9_000).clock("node z", 2_000, Long.MAX_VALUE)))
                .isEmpty();
    }

    @Test
    void oneThatIsOffAmongSeveralIsNamed() {
        assertThat(found(Seen.at(0).clock("node y", 4_213, 5_890).clock("node z", -20, 30)))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.kind()).isEqualTo(AlarmKind.CLOCK);
                    assertThat(finding.subject()).isEqualTo("node y");
                    assertThat(finding.evidence())
                            .isEqualTo("The clock of node y is at least 4.2 s and at most 5.9 s ahead of this node's:"
                                    + " likely that one is off, since this node's agrees with all others that are"
                                    + " known.");
                });
    }

    @Test
    void whenAllOthersDifferAlikeItIsThisNodesThatIsOff() {
        List<Finding> found = found(Seen.at(0).clock("node y", -6_000, -4_000).clock("node z", -6_100, -4_100));
        assertThat(found)
                .extracting(Finding::evidence)
                .containsExactly(
                        "The clock of node y is at least 4.0 s and at most 6.0 s behind this node's: likely this"
                                + " node's is off, since it differs likewise from all others that are known.",
                        "The clock of node z is at least 4.1 s and at most 6.1 s behind this node's: likely this"
                                + " node's is off, since it differs likewise from all others that are known.");
        assertThat(found).extracting(Finding::cause).containsOnly("clock:skew");
    }

    @Test
    void ofTwoNobodyKnowsWhichOneIsOff() {
        assertThat(found(Seen.at(0).clock("origin http://o", 3_000, Long.MAX_VALUE)))
                .singleElement()
                .extracting(Finding::evidence)
                .isEqualTo(
                        "The clock of origin http://o is at least 3.0 s ahead of this node's: which of the two is off"
                                + " is not known, since no third one is known well enough.");
        assertThat(found(Seen.at(0)
                        .clock("node y", 3_000, 4_000)
                        .clock("node z", 3_000, 4_000)
                        .clock("node w", -1, 1)))
                .extracting(Finding::evidence)
                .allMatch(evidence -> evidence.contains("1 differ likewise and 1 agree with this node's"));
    }

    @Test
    void oneOfWhichTooLittleIsKnownSpeaksForNeither() {
        assertThat(found(Seen.at(0).clock("node y", -6_000, -4_000).clock("node z", -5_000, 400)))
                .singleElement()
                .extracting(Finding::evidence)
                .asString()
                .contains("which of the two is off is not known");
    }
}
