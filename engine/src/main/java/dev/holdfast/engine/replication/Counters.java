package dev.holdfast.engine.replication;

import java.util.concurrent.atomic.LongAdder;

/** What the store has done since it started (promise P8). Thread-safe. */
final class Counters {
    final LongAdder reads = new LongAdder();
    final LongAdder writes = new LongAdder();
    final LongAdder unconfirmed = new LongAdder();
    final LongAdder hinted = new LongAdder();
    final LongAdder drained = new LongAdder();
    final LongAdder disagreements = new LongAdder();
    final LongAdder repairs = new LongAdder();
    final LongAdder restamped = new LongAdder();
    final LongAdder damaged = new LongAdder();
    final LongAdder quarantined = new LongAdder();
    final LongAdder compared = new LongAdder();
    final LongAdder divergent = new LongAdder();
    final LongAdder collected = new LongAdder();
    final LongAdder refused = new LongAdder();

    StoreStatus.Counters snapshot(long spared) {
        return new StoreStatus.Counters(
                reads.sum(),
                writes.sum(),
                unconfirmed.sum(),
                hinted.sum(),
                drained.sum(),
                disagreements.sum(),
                repairs.sum(),
                restamped.sum(),
                damaged.sum(),
                quarantined.sum(),
                compared.sum(),
                divergent.sum(),
                collected.sum(),
                refused.sum(),
                spared);
    }
}
