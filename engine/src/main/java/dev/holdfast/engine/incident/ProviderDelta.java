package dev.holdfast.engine.incident;

import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.replication.CallKind;
import dev.holdfast.engine.replication.StoreStatus.ProviderView;
import java.util.List;
import java.util.Map;

/**
 * What is new of a provider's calls since the look before.
 *
 * @param contradicted how often it was seen to lack or alter what it has acknowledged
 */
record ProviderDelta(ProviderView view, long contradicted, List<Calls> calls) {

    /**
     * Calls of one kind.
     *
     * @param good answered in time
     * @param nanos what those took together
     * @param late not answered in time
     */
    record Calls(CallKind kind, long good, long nanos, long late, Map<FaultKind, Long> faults) {
        long faults(FaultKind fault) {
            return faults.getOrDefault(fault, 0L);
        }

        /** Those that failed or were late, but for what only tells that a record is damaged. */
        long failed() {
            return late
                    + faults(FaultKind.UNAVAILABLE)
                    + faults(FaultKind.TIMEOUT)
                    + faults(FaultKind.THROTTLED)
                    + faults(FaultKind.UNAUTHORIZED)
                    + faults(FaultKind.DISK_FULL);
        }
    }

    String name() {
        return view.name();
    }

    long faults(FaultKind fault) {
        return calls.stream().mapToLong(each -> each.faults(fault)).sum();
    }
}
