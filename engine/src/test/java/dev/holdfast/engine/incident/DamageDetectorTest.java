package dev.holdfast.engine.incident;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DamageDetectorTest {
    private static List<Finding> found(long records) {
        List<Finding> found = new ArrayList<>();
        new DamageDetector().look(Seen.at(0).beyondRepair(records).observation(), found::add);
        return found;
    }

    @Test
    void recordsThatNoHomeHasWholeAreToldOfAsLongAsThereAreAny() {
        assertThat(found(0)).isEmpty();
        assertThat(found(2)).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(AlarmKind.DAMAGE);
            assertThat(finding.atLeast()).isEqualTo(Severity.P2);
            assertThat(finding.evidence()).startsWith("2 records are damaged");
        });
    }
}
