package dev.holdfast.cli.drill;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a drill found.
 *
 * @param failures how many requests failed, by reason
 * @param wrongByKind {@code stale}, {@code went-back}, {@code absent}, {@code invented}
 * @param unconfirmed right answers that the server marked as not vouched for
 * @param writesHinted copies of writes that went to the hint log while the fault lasted
 * @param detectMillis from the fault to the provider's being no longer current; null when that was never seen
 * @param convergeMillis from the fault's end to the provider's being current with no hint waiting; null when that did not
 *     come within the time allowed
 * @param acknowledged writes acknowledged during all of the drill
 * @param lost keys whose newest acknowledged write was not there at the end
 * @param unequalKeys keys that the providers hold differently at the end, by a scan of each; null when it cannot be told
 * @param equalMillis from the fault's end until the scans were equal; null when they never were
 */
public record DrillResult(
        DrillConfig config,
        PhaseResult before,
        PhaseResult during,
        PhaseResult after,
        Map<String, Long> failures,
        long wrong,
        Map<String, Long> wrongByKind,
        List<String> wrongExamples,
        long unconfirmed,
        long writesHinted,
        @Nullable Long detectMillis,
        @Nullable Long convergeMillis,
        long acknowledged,
        long lost,
        List<String> lostExamples,
        @Nullable Long unequalKeys,
        @Nullable Long equalMillis) {

    /** One phase: how long it was, and its requests. */
    public record PhaseResult(long millis, long ok, long failed, Latency reads, Latency writes) {
        public double perSecond() {
            return millis == 0 ? 0 : (ok + failed) * 1_000.0 / millis;
        }
    }

    /** In microseconds; all 0 when there was no such request. */
    public record Latency(long count, long p50Micros, long p99Micros, long maxMicros) {}

    public long ok() {
        return before.ok + during.ok + after.ok;
    }

    public long failed() {
        return before.failed + during.failed + after.failed;
    }

    public long stale() {
        return wrongByKind.getOrDefault("stale", 0L);
    }

    /** Nothing failed, nothing was wrong, nothing was lost, and the store was whole again in time. */
    public boolean passed() {
        return failed() == 0
                && wrong == 0
                && lost == 0
                && convergeMillis != null
                && (unequalKeys == null || unequalKeys == 0);
    }
}
