package dev.holdfast.engine.incident;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.NamespaceId;
import org.junit.jupiter.api.Test;

class FlowsTest {
    private static final int MOST = 5_000;

    @Test
    void aNamespaceThatIsGoneMakesRoomForAnother() {
        Flows flows = new Flows();
        Seen many = Seen.at(0);
        for (int i = 0; i < MOST; i++) {
            many.of(2, 1, 0, 0, 0);
        }
        flows.add(many.observation());
        String another = new NamespaceId(0, 3).toString();
        flows.add(Seen.at(0).of(3, 1, 0, 0, 0).observation());
        assertThat(flows.namespaces()).hasSize(MOST).doesNotContainKey(another);
        flows.add(Seen.at(0).of(3, 1, 0, 0, 0).gone(new NamespaceId(0, 2)).observation());
        assertThat(flows.namespaces()).hasSize(MOST).containsKey(another);
    }
}
