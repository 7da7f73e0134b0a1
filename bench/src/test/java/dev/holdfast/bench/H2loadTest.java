package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.bench.H2load.Summary;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class H2loadTest {
    private static final String SAID = """
        Application protocol: h2c
        Main benchmark duration is over for thread #0. Stopping all clients.
        Stopped all clients for thread #0

        finished in 1.02s, 29167.50 req/s, 1.98MB/s
        requests: 29170 total, 29199 started, 29168 done, 29166 succeeded, 2 failed, 1 errored, 0 timeout
        status codes: 29166 2xx, 0 3xx, 1 4xx, 0 5xx
        traffic: 1.98MB (2071249) total, 1.34MB (1400016) headers (space savings 51.02%), 142.42KB (145840) data
                             min         max         mean         sd        +/- sd
        time for request:      100us     25.02ms       915us      1.31ms    92.99%
        """;

    @Test
    void whatH2loadSaysAtItsEndIsRead() throws Exception {
        assertThat(Summary.of(SAID)).isEqualTo(new Summary(29167.5, 29168, 2, 145840));
    }

    @Test
    void answersThatMustHaveBeenTooShortCountAsFailed() throws Exception {
        Summary summary = Summary.of(SAID);
        assertThat(summary.failed(5)).isEqualTo(2);
        assertThat(summary.failed(10)).isEqualTo(29168 - 14584);
    }

    @Test
    void whoMeasuresNothingIsNotTakenForFast() {
        assertThatThrownBy(() -> Summary.of("could not connect"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("could not connect");
    }

    @Test
    void latenciesAreTheLastOfEachLine() {
        assertThat(H2load.latencies(List.of("1795628528254450\t200\t4847", "1795628528254451\t200\t12")))
                .containsExactly(12, 4847);
    }
}
