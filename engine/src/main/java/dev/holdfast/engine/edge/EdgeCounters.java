package dev.holdfast.engine.edge;

import java.util.concurrent.atomic.LongAdder;

/** What the near cache has done since the start (promise P8). Thread-safe. */
final class EdgeCounters {
    final LongAdder hits = new LongAdder();
    final LongAdder misses = new LongAdder();
    final LongAdder updating = new LongAdder();
    final LongAdder stale = new LongAdder();
    final LongAdder defaults = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder refreshes = new LongAdder();
    final LongAdder contradictions = new LongAdder();
    final LongAdder changes = new LongAdder();
    final LongAdder gaps = new LongAdder();
    final LongAdder differences = new LongAdder();

    EdgeStatus.Counters snapshot() {
        return new EdgeStatus.Counters(
                hits.sum(),
                misses.sum(),
                updating.sum(),
                stale.sum(),
                defaults.sum(),
                refused.sum(),
                refreshes.sum(),
                contradictions.sum(),
                changes.sum(),
                gaps.sum(),
                differences.sum());
    }
}
