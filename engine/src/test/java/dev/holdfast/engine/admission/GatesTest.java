package dev.holdfast.engine.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.MemoryLocalStore;
import dev.holdfast.engine.time.Time;
import dev.holdfast.engine.time.UnusedTime;
import org.junit.jupiter.api.Test;

class GatesTest {
    private static final NamespaceId ONE = new NamespaceId(0, 1);
    private static final NamespaceId OTHER = new NamespaceId(0, 2);

    private final Time time = new UnusedTime() {
        @Override
        public long wallMillis() {
            return 0;
        }
    };
    private final MemoryLocalStore disk = new MemoryLocalStore();

    private Gate afterRestart(NamespaceId namespace) throws Exception {
        return Gates.open(time, disk).of(namespace);
    }

    @Test
    void whatTheDiskRefusedIsInForceAndComesToItLater() throws Exception {
        Gates gates = Gates.open(time, disk);
        gates.set(OTHER, Gate.STALE_ONLY, "t", "");
        disk.failing(true);
        assertThat(gates.set(ONE, Gate.CLOSED, "t", "").notKept()).isEqualTo("the disk fails");
        assertThat(gates.set(OTHER, Gate.OPEN, "t", "").notKept()).isEqualTo("the disk fails");
        gates.keep();
        assertThat(gates.of(ONE)).isEqualTo(Gate.CLOSED);
        assertThat(afterRestart(ONE)).isEqualTo(Gate.OPEN);
        disk.failing(false);
        gates.keep();
        assertThat(afterRestart(ONE)).isEqualTo(Gate.CLOSED);
        assertThat(afterRestart(OTHER)).isEqualTo(Gate.OPEN);
    }

    @Test
    void whatTheDiskRefusedComesToItWithTheNextChange() throws Exception {
        Gates gates = Gates.open(time, disk);
        disk.failing(true);
        gates.set(ONE, Gate.CLOSED, "t", "");
        disk.failing(false);
        assertThat(gates.set(OTHER, Gate.STALE_ONLY, "t", "").notKept()).isNull();
        assertThat(afterRestart(ONE)).isEqualTo(Gate.CLOSED);
    }
}
