package dev.holdfast.server.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.server.ManualTime;
import dev.holdfast.server.MemorySystemRecords;
import dev.holdfast.server.v1.Restoring;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What others may do in a namespace while one restores into it, and after that was broken off. */
class ClaimTest {
    private static final NamespaceId ROOM = new NamespaceId(7, 8);

    private final ManualTime time = new ManualTime() {
        @Override
        public long nanos() {
            return wallMillis() * 1_000_000;
        }
    };
    private final MemorySystemRecords records = new MemorySystemRecords();
    private final Restoring restoring = new Restoring(records, time);

    private Claim claim(String node) {
        return new Claim(restoring, ROOM, node, time);
    }

    @Test
    void oneThatWasBrokenOffGoesOnAtAnyNode() throws Exception {
        Claim first = claim("a");
        first.begin(false);
        first.end(false);
        Claim again = claim("b");
        again.begin(true);
        again.require();
        again.end(true);
    }

    @Test
    void oneThatWasBrokenOffDoesNotGoOnOnceItsMarkIsGone() throws Exception {
        Claim first = claim("a");
        first.begin(false);
        first.end(false);
        records.records.clear();
        assertThatThrownBy(() -> claim("a").begin(true))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("has begun since");
        Claim anew = claim("a");
        anew.begin(false);
        anew.end(true);
        assertThat(records.records).isEmpty();
    }

    @Test
    void withoutAMarkThatOthersCanSeeNothingIsRestored() throws Exception {
        Claim claim = claim("a");
        claim.begin(false);
        claim.require();
        claim.end(false);
        time.advance(Restoring.LASTS.toMillis());
        assertThatThrownBy(claim::require).isInstanceOf(IOException.class);
    }
}
