package dev.holdfast.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TypeTest {
    private static final Type<Duration> ANY_DURATION = Type.duration(Duration.ZERO, Duration.ofDays(400_000_000));

    @ParameterizedTest
    @CsvSource({"200ms,200", "30s,30000", "5m,300000", "2h,7200000", "7d,604800000", "0s,0"})
    void durations(String text, long millis) {
        assertThat(ANY_DURATION.reading().apply(text)).isEqualTo(Duration.ofMillis(millis));
        assertThat(ANY_DURATION.reading().apply(Type.text(Duration.ofMillis(millis))))
                .isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "-5s", "1.5s", "5 s", "5S", "9999999999s"})
    void noDurations(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ANY_DURATION.reading().apply(text));
    }

    @ParameterizedTest
    @CsvSource({"0B,0", "100B,100", "1KiB,1024", "64MiB,67108864", "2GiB,2147483648", "1TiB,1099511627776"})
    void sizes(String text, long bytes) {
        assertThat(Size.parse(text)).isEqualTo(new Size(bytes)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "MiB", "64MB", "-1MiB", "999999999999TiB", "8388608TiB"})
    void noSizes(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Size.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:0", "[::1]:65535", "127.0.0.1:4653"})
    void addresses(String text) {
        assertThat(Address.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost", ":80", "::1:80", "h:65536", "h:-1", "h:x", "[]:1"})
    void noAddresses(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Address.parse(text));
    }
}
