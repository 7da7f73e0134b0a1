package dev.holdfast.engine.incident.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SayTest {
    @ParameterizedTest
    @CsvSource({
        "0, less than a second",
        "1000, 1 second",
        "59000, 59 seconds",
        "60000, 1 minute",
        "61000, 1 minute 1 second",
        "3600000, 1 hour",
        "7380000, 2 hours 3 minutes",
        "90000000, 1 day 1 hour"
    })
    void durationsAreInWords(long millis, String words) {
        assertThat(Say.duration(millis)).isEqualTo(words);
    }

    @Test
    void noneOneAndManyReadWell() {
        assertThat(Say.count(0, "request")).isEqualTo("no request");
        assertThat(Say.count(1, "request")).isEqualTo("1 request");
        assertThat(Say.count(1_234, "request")).isEqualTo("1,234 requests");
        assertThat(Say.list(List.of("a"), 3)).isEqualTo("a");
        assertThat(Say.list(List.of("a", "b"), 3)).isEqualTo("a and b");
        assertThat(Say.list(List.of("a", "b", "c", "d"), 2)).isEqualTo("a, b and 2 more");
    }

    @Test
    void aShareIsNeverNothingOrAllOfWhatIsOnlyNearlySo() {
        assertThat(Say.share(0, 5)).isEqualTo("0 %");
        assertThat(Say.share(1, 1_000_000)).isEqualTo("less than 0.01 %");
        assertThat(Say.share(1, 1_000)).isEqualTo("0.10 %");
        assertThat(Say.share(999_999, 1_000_000)).isEqualTo("more than 99.9 %");
        assertThat(Say.share(5, 5)).isEqualTo("100 %");
    }
}
