package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.bench.Redis.Figures;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class RedisTest {
    @Test
    void whatRedisBenchmarkSaysIsRead() throws Exception {
        String said = """
            Warning: Using a password with '-a' option on the command line interface may not be safe.
            "test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms","p95_latency_ms","p99_latency_ms","max_latency_ms"
            "GET object-__rand_int__","19176.41","1.832","0.104","1.167","5.087","16.983","41.215"
            """;
        assertThat(Figures.of(said)).isEqualTo(new Figures(19176.41, 1167, 16983));
    }

    @Test
    void whoMeasuresNothingIsNotTakenForFast() {
        assertThatThrownBy(() -> Figures.of("Could not connect"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Could not connect");
    }

    @Test
    void aCountIsTakenFromAmongOthersOfLikeNames() throws Exception {
        String stats = "# Stats\r\nexpired_keyspace_misses:7\r\nkeyspace_misses:12\r\ntotal_error_replies:0\r\n";
        assertThat(Redis.number(stats, "keyspace_misses")).isEqualTo(12);
        assertThat(Redis.number(stats, "total_error_replies")).isZero();
        assertThatThrownBy(() -> Redis.number(stats, "misses")).isInstanceOf(IOException.class);
    }
}
