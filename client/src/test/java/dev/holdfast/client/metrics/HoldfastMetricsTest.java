package dev.holdfast.client.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.client.Holdfast;
import dev.holdfast.client.ScriptServer;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class HoldfastMetricsTest {
    @Test
    void everyNumberIsThere() throws IOException {
        try (ScriptServer server = new ScriptServer();
                Holdfast client = Holdfast.builder()
                        .endpoint(server.url())
                        .nearCache(1 << 20)
                        .build()) {
            server.answers(seen -> ScriptServer.Reply.of(200, "v").with("Holdfast-Version", "01a208b4ab600001"));
            client.namespace("n").get("k");
            client.namespace("n").get("k");
            SimpleMeterRegistry registry = new SimpleMeterRegistry();
            new HoldfastMetrics(client, Tags.of("store", "one")).bindTo(registry);
            assertThat(registry.getMeters()).hasSize(18);
            assertThat(registry.get("holdfast.client.calls")
                            .tag("store", "one")
                            .functionCounter()
                            .count())
                    .isEqualTo(1);
            assertThat(registry.get("holdfast.client.cache.memory.hits")
                            .functionCounter()
                            .count())
                    .isEqualTo(1);
            assertThat(registry.get("holdfast.client.cache.misses")
                            .functionCounter()
                            .count())
                    .isEqualTo(1);
            assertThat(registry.get("holdfast.client.cache.memory.bytes")
                            .gauge()
                            .value())
                    .isPositive();
        }
    }
}
