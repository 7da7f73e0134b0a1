package dev.holdfast.server.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.server.ManualTime;
import dev.holdfast.server.MemorySystemRecords;
import dev.holdfast.server.api.ApiError;
import org.junit.jupiter.api.Test;

class RestoringTest {
    private static final NamespaceId ROOM = new NamespaceId(7, 8);
    private static final NamespaceId OTHER = new NamespaceId(7, 9);

    private final ManualTime time = new ManualTime();
    private final MemorySystemRecords records = new MemorySystemRecords();
    private final Restoring restoring = new Restoring(records, time);

    @Test
    void whileOneIsUnderWayNothingIsImportedThere() throws Exception {
        restoring.mark(ROOM, "a");
        assertThatThrownBy(() -> restoring.requireNone(ROOM))
                .isInstanceOf(ApiError.class)
                .hasMessageContaining("Node a restores");
        restoring.requireNone(OTHER);
        restoring.end(ROOM, "a");
        restoring.requireNone(ROOM);
    }

    @Test
    void oneOfANodeThatWasKilledIsNotWaitedForForEverAndDoesNotGoOnAfterAnImport() throws Exception {
        restoring.mark(ROOM, "a");
        time.advance(Restoring.LASTS.toMillis());
        assertThat(restoring.marked(ROOM)).contains(true);
        restoring.requireNone(ROOM);
        assertThat(restoring.marked(ROOM)).contains(false);
    }

    @Test
    void oneThatWasBrokenOffKeepsNobodyOut() throws Exception {
        restoring.mark(ROOM, "a");
        restoring.lapse(ROOM, "a");
        assertThat(restoring.marked(ROOM)).contains(true);
        restoring.requireNone(ROOM);
    }

    @Test
    void whenNobodyCanSayNothingIsImported() {
        records.there = false;
        assertThatThrownBy(() -> restoring.requireNone(ROOM))
                .isInstanceOf(ApiError.class)
                .hasMessageContaining("Nobody can say now");
        assertThat(restoring.marked(ROOM)).isEmpty();
    }
}
