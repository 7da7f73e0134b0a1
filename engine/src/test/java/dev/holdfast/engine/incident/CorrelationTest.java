package dev.holdfast.engine.incident;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CorrelationTest {
    private final Correlation correlation = new Correlation();
    private final List<Case> cases = new ArrayList<>();
    private long wall = 1_000_000;

    private static Finding provider(String name, String symptom) {
        return new Finding(AlarmKind.PROVIDER, name, symptom, "Provider " + name + " is down: " + symptom + ".");
    }

    private static Finding requests() {
        return new Finding(AlarmKind.REQUESTS, "tier 0", "", "Requests of tier 0 are refused.");
    }

    private static Finding disk() {
        return new Finding(AlarmKind.DISK, "node", "disk", "The disk is full.");
    }

    /** Places it as {@link Incidents} does. */
    private Case place(Finding finding) {
        Optional<Case> known = correlation.of(finding, cases, wall);
        Case where = known.orElseGet(() -> new Case("" + cases.size(), finding.cause(), "t", wall, wall * 1_000_000));
        if (known.isEmpty()) {
            cases.add(where);
        } else if (!finding.kind().follows()) {
            where.join(finding.cause(), "t");
        }
        where.raise(finding, wall, wall * 1_000_000);
        correlation.placed(finding, where, wall);
        return where;
    }

    @Test
    void whatFollowsBelongsToItsReason() {
        Case reason = place(provider("b", "TIMEOUT"));
        wall += 60_000;
        assertThat(place(requests())).isSameAs(reason);
    }

    @Test
    void aReasonThatIsFoundAfterWhatFollowsFromItIsThatIncidents() {
        Case first = place(requests());
        wall += 2_000;
        assertThat(place(provider("b", "TIMEOUT"))).isSameAs(first);
        assertThat(first.about("provider:b")).isTrue();
        assertThat(first.about("store")).isFalse();
    }

    @Test
    void providersThatFailAlikeAtOneMomentAreOneIncident() {
        Case first = place(provider("a", "TIMEOUT"));
        wall += 3_000;
        assertThat(place(provider("b", "TIMEOUT"))).isSameAs(first);
    }

    @Test
    void oneThatFailsForAReasonNotKnownYetMayFailForTheSame() {
        Case first = place(provider("a", "UNAUTHORIZED"));
        assertThat(place(new Finding(AlarmKind.GREY, "b", Finding.FAILS, "Provider b fails.")))
                .isSameAs(first);
    }

    @Test
    void providersThatFailInDifferentWaysOrAtDifferentTimesAreTwo() {
        Case first = place(provider("a", "TIMEOUT"));
        assertThat(place(provider("b", "DISK_FULL"))).isNotSameAs(first);
        wall += 60_000;
        assertThat(place(provider("c", "TIMEOUT"))).isNotSameAs(first);
    }

    @Test
    void ofTwoReasonsTheLaterHasWhatFollows() {
        place(provider("a", "TIMEOUT"));
        wall += 600_000;
        Case later = place(disk());
        assertThat(place(requests())).isSameAs(later);
    }

    @Test
    void whatIsClosedIsOpenedAgainByItsCauseAlone() {
        Case closed = place(provider("a", "TIMEOUT"));
        closed.settle(List.of(), wall);
        closed.close("closed", wall);
        wall += 60_000;
        assertThat(place(disk())).isNotSameAs(closed);
        assertThat(correlation.of(provider("a", "CORRUPT"), cases, wall)).containsSame(closed);
    }
}
