package dev.holdfast.engine.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.NamespaceId;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrafficTest {
    private static final NamespaceId DELETED = new NamespaceId(0, 1);
    private static final NamespaceId LIVING = new NamespaceId(0, 2);

    private final Traffic traffic = new Traffic();

    private Map<NamespaceId, Long> near() {
        Map<NamespaceId, Long> near = new HashMap<>();
        traffic.forEach((id, counts) -> near.put(id, counts.near()));
        return near;
    }

    @Test
    void aNamespaceThatIsGoneIsForgottenAndBeginsAnewIfItIsAskedForAgain() {
        traffic.near(DELETED, CacheStatus.HIT);
        traffic.near(DELETED, CacheStatus.HIT);
        traffic.near(LIVING, CacheStatus.HIT);
        traffic.forget(DELETED::equals);
        assertThat(near()).containsOnly(Map.entry(LIVING, 1L));
        traffic.near(DELETED, CacheStatus.HIT);
        assertThat(near()).containsEntry(DELETED, 1L);
    }
}
