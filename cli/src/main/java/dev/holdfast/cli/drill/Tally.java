package dev.holdfast.cli.drill;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Counts and latencies of all workers. Thread-safe. */
public final class Tally {
    private static final int EXAMPLES = 10;
    private static final long LONGEST_MICROS = 600_000_000;

    /** One phase's counts. Latencies are those of all requests, the failed ones too: they took their time as well. */
    private static final class Part {
        final LongAdder ok = new LongAdder();
        final LongAdder failed = new LongAdder();
        final Histogram reads = new ConcurrentHistogram(LONGEST_MICROS, 3);
        final Histogram writes = new ConcurrentHistogram(LONGEST_MICROS, 3);
    }

    private final Map<Phase, Part> parts = new EnumMap<>(Phase.class);
    private final LongAdder unconfirmed = new LongAdder();
    private final LongAdder acknowledged = new LongAdder();
    private final Map<KeyHistory.Wrong, Long> wrong = new EnumMap<>(KeyHistory.Wrong.class);
    private final List<String> wrongExamples = new ArrayList<>();
    private final Map<String, Long> failures = new TreeMap<>();

    public Tally() {
        for (Phase phase : Phase.values()) {
            parts.put(phase, new Part());
        }
    }

    private Part part(Phase phase) {
        return java.util.Objects.requireNonNull(parts.get(phase));
    }

    void read(Phase phase, long micros, boolean ok) {
        part(phase).reads.recordValue(Math.clamp(micros, 0, LONGEST_MICROS));
        (ok ? part(phase).ok : part(phase).failed).increment();
    }

    void write(Phase phase, long micros, boolean ok) {
        part(phase).writes.recordValue(Math.clamp(micros, 0, LONGEST_MICROS));
        (ok ? part(phase).ok : part(phase).failed).increment();
        if (ok) {
            acknowledged.increment();
        }
    }

    void unconfirmed() {
        unconfirmed.increment();
    }

    synchronized void wrong(String key, KeyHistory.Verdict verdict) {
        wrong.merge(verdict.wrong(), 1L, Long::sum);
        if (wrongExamples.size() < EXAMPLES) {
            wrongExamples.add(verdict.wrong() + ": " + key + " answered " + verdict.sentence());
        }
    }

    /** @param reason without anything that differs from request to request, so that equal ones are counted together */
    synchronized void failure(String reason) {
        if (failures.containsKey(reason) || failures.size() < EXAMPLES) {
            failures.merge(reason, 1L, Long::sum);
        } else {
            failures.merge("other", 1L, Long::sum);
        }
    }

    public long okay() {
        return parts.values().stream().mapToLong(part -> part.ok.sum()).sum();
    }

    public long failed() {
        return parts.values().stream().mapToLong(part -> part.failed.sum()).sum();
    }

    public long unconfirmedAnswers() {
        return unconfirmed.sum();
    }

    public long acknowledgedWrites() {
        return acknowledged.sum();
    }

    public synchronized long wrongAnswers() {
        return wrong.values().stream().mapToLong(Long::longValue).sum();
    }

    public synchronized Map<String, Long> wrongByKind() {
        Map<String, Long> kinds = new TreeMap<>();
        wrong.forEach((kind, count) ->
                kinds.put(kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'), count));
        return kinds;
    }

    public synchronized List<String> wrongExamples() {
        return List.copyOf(wrongExamples);
    }

    public synchronized Map<String, Long> failures() {
        return Map.copyOf(failures);
    }

    public DrillResult.PhaseResult result(Phase phase, long millis) {
        Part part = part(phase);
        return new DrillResult.PhaseResult(
                millis, part.ok.sum(), part.failed.sum(), latency(part.reads), latency(part.writes));
    }

    private static DrillResult.Latency latency(Histogram micros) {
        return new DrillResult.Latency(
                micros.getTotalCount(),
                micros.getValueAtPercentile(50),
                micros.getValueAtPercentile(99),
                micros.getMaxValue());
    }
}
