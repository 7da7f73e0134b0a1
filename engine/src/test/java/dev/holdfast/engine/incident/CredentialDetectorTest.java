package dev.holdfast.engine.incident;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.provider.Login;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class CredentialDetectorTest {
    private static final long DAY = 86_400_000L;
    private static final long NOW = 100 * DAY;

    private static List<Finding> found(Login login) {
        List<Finding> found = new ArrayList<>();
        new CredentialDetector()
                .look(Seen.at(NOW * 1_000_000).letInAs("b", login).observation(), found::add);
        return found;
    }

    private static Login ending(long at) {
        return new Login("kv-1", 1, 2, OptionalLong.of(at));
    }

    @Test
    void aCredentialIsToldOfFourteenDaysBeforeItEnds() {
        assertThat(found(ending(NOW + 14 * DAY + 1))).isEmpty();
        assertThat(found(ending(NOW + 14 * DAY))).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(AlarmKind.EXPIRY);
            assertThat(finding.evidence())
                    .isEqualTo("The credential \"kv-1\" of provider b is good until 1970-04-25T00:00:00Z only.");
        });
    }

    @Test
    void oneThatIsOverIsAsBadAsACertificateThatIs() {
        assertThat(found(ending(NOW))).singleElement().satisfies(finding -> {
            assertThat(finding.atLeast()).isEqualTo(Severity.P1);
            assertThat(finding.evidence()).contains("is no longer good since");
        });
    }

    @Test
    void aSecondOneThatEndsSoonIsTwoThings() {
        assertThat(found(new Login("kv-2", 2, 2, OptionalLong.of(NOW + DAY))))
                .extracting(Finding::subject)
                .containsExactly("credential of b", "The credential \"kv-2\" of provider b");
    }

    @Test
    void secondCredentialInUseIsToldWithItsNameAndHurtsNobody() {
        List<Finding> found = found(new Login("kv-2", 2, 2));
        assertThat(found).hasSize(1);
        assertThat(found.getFirst().kind().hurts()).isFalse();
        assertThat(found.getFirst().evidence())
                .contains("Provider b")
                .contains("kv-2")
                .contains("2 of 2");
    }

    @Test
    void firstOneAndNoneAreWell() {
        assertThat(found(new Login("kv-1", 1, 2))).isEmpty();
        assertThat(found(new Login("", 0, 2))).isEmpty();
        assertThat(found(Login.NONE)).isEmpty();
    }
}
