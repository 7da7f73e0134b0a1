package dev.holdfast.engine.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LoginTest {
    private static final Login FIRST = new Login("first", 1, 2);
    private static final Login SECOND = new Login("second", 2, 2);

    private static Login ending(long at) {
        return new Login("ending at " + at, 1, 1, OptionalLong.of(at));
    }

    private static void assertThatItIsTold(Login one, Login other) {
        assertThat(one.beside(other)).isEqualTo(one);
        assertThat(other.beside(one)).isEqualTo(one);
    }

    @Test
    void ofTwoThatAreNeededTheOneIsToldOfThatNeedsSomebody() {
        assertThatItIsTold(FIRST, Login.NONE);
        assertThatItIsTold(ending(7), FIRST);
        assertThatItIsTold(ending(7), ending(8));
        assertThatItIsTold(SECOND, FIRST);
        assertThatItIsTold(SECOND, ending(7));
        assertThatItIsTold(SECOND, Login.NONE);
    }
}
