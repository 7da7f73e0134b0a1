package dev.holdfast.engine.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.edge.PinnedWants.Want;
import dev.holdfast.engine.edge.PinnedWants.Why;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.time.SystemTime;
import org.junit.jupiter.api.Test;

class PinnedWantsTest {
    private final PinnedWants wants = new PinnedWants(new SystemTime());

    private void told(Key key) {
        wants.add(key, new Want(Version.MAX, 0, Why.TOLD));
    }

    @Test
    void aKeyThatChangesAgainAndAgainIsAskedForOnceAtATime() throws InterruptedException {
        Key often = Key.of("often");
        Key once = Key.of("once");
        told(often);
        told(often);
        told(often);
        told(once);
        assertThat(wants.next(1)).isEqualTo(often);
        assertThat(wants.next(1)).isEqualTo(once);
        told(often);
        assertThat(wants.next(1)).isEqualTo(often);
    }
}
