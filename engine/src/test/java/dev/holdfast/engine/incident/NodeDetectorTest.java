package dev.holdfast.engine.incident;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.incident.Sources.Expiry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeDetectorTest {
    private static final long DAY = 86_400_000L;

    private static Expiry token(int number, long at) {
        return new Expiry("The token \"t" + number + "\" (" + number + ")", "tokens", at, 7 * DAY, Severity.P4);
    }

    private static Expiry certificate(long at) {
        return new Expiry("The certificate of here", "", at, 14 * DAY, Severity.P1);
    }

    private static List<Finding> found(List<Expiry> all) {
        List<Finding> found = new ArrayList<>();
        new NodeDetector().look(Seen.at(10 * DAY * 1_000_000).expiring(all).observation(), found::add);
        return found;
    }

    @Test
    void howeverManyTokensExpireItIsOneThingThatIsWrong() {
        List<Expiry> tokens = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            tokens.add(token(i, 12 * DAY + i));
        }
        assertThat(found(tokens)).singleElement().satisfies(finding -> {
            assertThat(finding.subject()).isEqualTo("tokens");
            assertThat(finding.evidence())
                    .isEqualTo("2000 tokens end soon, the first at 1970-01-13T00:00:00Z: the token \"t0\" (0),"
                            + " the token \"t1\" (1), the token \"t2\" (2) and 1997 more.");
        });
        assertThat(found(List.of(token(1, 9 * DAY + 1), token(2, 10 * DAY - 1))))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.subject()).isEqualTo("tokens (over)");
                    assertThat(finding.atLeast()).isEqualTo(Severity.P4);
                    assertThat(finding.evidence()).startsWith("2 tokens are no longer good, the first since ");
                });
    }

    @Test
    void aCertificateIsOneOfItsOwn() {
        assertThat(found(List.of(certificate(11 * DAY), token(1, 12 * DAY))))
                .extracting(Finding::evidence)
                .containsExactlyInAnyOrder(
                        "The certificate of here is good until 1970-01-12T00:00:00Z only.",
                        "The token \"t1\" (1) is good until 1970-01-13T00:00:00Z only.");
        assertThat(found(List.of(certificate(10 * DAY)))).singleElement().satisfies(finding -> {
            assertThat(finding.subject()).isEqualTo("The certificate of here (over)");
            assertThat(finding.atLeast()).isEqualTo(Severity.P1);
        });
    }

    @Test
    void whatIsGoodForLongOrOverForLongIsNothing() {
        assertThat(found(List.of(token(1, 18 * DAY), token(2, 8 * DAY)))).isEmpty();
    }
}
