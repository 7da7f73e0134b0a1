package dev.holdfast.engine.incident;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.provider.Login;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CredentialDetectorTest {

    private static List<Finding> found(Login login) {
        List<Finding> found = new ArrayList<>();
        new CredentialDetector().look(Seen.at(1).letInAs("b", login).observation(), found::add);
        return found;
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
