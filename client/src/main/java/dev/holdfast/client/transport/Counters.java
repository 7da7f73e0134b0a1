package dev.holdfast.client.transport;

import java.util.concurrent.atomic.LongAdder;

/** The numbers behind {@link TransportStatistics}. */
final class Counters {
    final LongAdder calls = new LongAdder();
    final LongAdder retries = new LongAdder();
    final LongAdder hedges = new LongAdder();
    final LongAdder hedgesWon = new LongAdder();
    final LongAdder overBudget = new LongAdder();
    final LongAdder failures = new LongAdder();

    TransportStatistics read(int endpointsDown) {
        return new TransportStatistics(
                calls.sum(),
                retries.sum(),
                hedges.sum(),
                hedgesWon.sum(),
                overBudget.sum(),
                failures.sum(),
                endpointsDown);
    }
}
