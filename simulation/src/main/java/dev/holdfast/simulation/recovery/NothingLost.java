package dev.holdfast.simulation.recovery;

import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.replication.KeyRef;
import dev.holdfast.simulation.parts.SimulatedProvider;
import java.util.List;

/** In the end some provider holds each acknowledged write, or a newer one of its key (promise P1). */
final class NothingLost implements Check {
    private final Journal journal;
    private final List<SimulatedProvider> homes;

    NothingLost(Journal journal, List<SimulatedProvider> homes) {
        this.journal = journal;
        this.homes = List.copyOf(homes);
    }

    @Override
    public Finding judge() {
        long keys = 0;
        long lost = 0;
        for (KeyRef ref : journal.keys()) {
            keys++;
            lost += held(ref) < journal.newest(ref, Long.MAX_VALUE) ? 1 : 0;
        }
        return new Finding(
                "no acknowledged write is lost",
                lost == 0 && keys > 0,
                lost == 0
                        ? "The newest acknowledged write of " + Words.count(keys, "key") + ", or a newer one, is there."
                        : "The newest acknowledged write of " + Words.count(lost, "key") + " is nowhere.");
    }

    private long held(KeyRef ref) {
        long newest = 0;
        for (SimulatedProvider home : homes) {
            Record record = home.record(ref.namespace(), ref.key());
            if (record != null && !record.tombstone()) {
                newest = Math.max(newest, Stack.number(record.value()));
            }
        }
        return newest;
    }
}
