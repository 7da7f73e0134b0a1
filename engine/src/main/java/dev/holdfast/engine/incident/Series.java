package dev.holdfast.engine.incident;

import dev.holdfast.engine.provider.LocalStore.Batch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The figures around an incident: from a minute before it each second for ten minutes, then of ten seconds each for an hour, then of each
 * minute, and no more once there are 3,000.
 */
final class Series {
    private static final int MOST = 3_000;
    private static final long EACH_SECOND_MILLIS = 600_000;
    private static final long EACH_TEN_MILLIS = 3_600_000;

    private final long openedAt;
    private final List<Sample> samples = new ArrayList<>();
    private final List<Sample> waiting = new ArrayList<>();
    private int kept;

    Series(long openedAt) {
        this.openedAt = openedAt;
    }

    void restore(List<Sample> before) {
        samples.addAll(before);
        kept = samples.size();
    }

    /** @param second the figures of one second */
    void add(Sample second) {
        waiting.add(second);
        if (waiting.size() >= seconds(second.at() - openedAt) && samples.size() < MOST) {
            samples.add(merged(waiting));
            waiting.clear();
        } else if (samples.size() >= MOST) {
            waiting.clear();
        }
    }

    private static int seconds(long age) {
        return age <= EACH_SECOND_MILLIS ? 1 : age <= EACH_TEN_MILLIS ? 10 : 60;
    }

    List<Sample> samples() {
        return List.copyOf(samples);
    }

    void unkept(Batch batch, String id) {
        for (; kept < samples.size(); kept++) {
            IncidentLog.put(batch, id, kept, samples.get(kept));
        }
    }

    void notKept() {
        kept = 0;
    }

    private static Sample merged(List<Sample> parts) {
        Sample last = parts.getLast();
        if (parts.size() == 1) {
            return last;
        }
        return new Sample(
                last.at(),
                parts.stream().mapToInt(Sample::seconds).sum(),
                flows(parts.stream().flatMap(part -> part.tiers().stream()).toList()),
                flows(parts.stream().flatMap(part -> part.namespaces().stream()).toList()),
                last.providers().stream()
                        .map(provider -> merged(provider, parts))
                        .toList(),
                last.hints(),
                last.oldestHintMillis(),
                parts.stream().mapToLong(Sample::divergent).sum());
    }

    private static Sample.ProviderPoint merged(Sample.ProviderPoint last, List<Sample> parts) {
        List<Sample.ProviderPoint> same = parts.stream()
                .flatMap(part -> part.providers().stream())
                .filter(provider -> provider.name().equals(last.name()))
                .toList();
        return new Sample.ProviderPoint(
                last.name(),
                last.state(),
                last.hints(),
                same.stream().mapToLong(Sample.ProviderPoint::faults).sum(),
                (long) same.stream()
                        .mapToLong(Sample.ProviderPoint::readMicros)
                        .filter(micros -> micros > 0)
                        .average()
                        .orElse(0));
    }

    private static List<Sample.Flow> flows(List<Sample.Flow> parts) {
        Map<String, Sample.Flow> sums = new TreeMap<>();
        for (Sample.Flow part : parts) {
            sums.merge(
                    part.namespace() + "/" + part.tier(),
                    part,
                    (one, more) -> new Sample.Flow(
                            one.namespace(),
                            one.tier(),
                            one.requests() + more.requests(),
                            one.refused() + more.refused(),
                            one.stale() + more.stale(),
                            one.slow() + more.slow(),
                            Math.max(one.p99Micros(), more.p99Micros())));
        }
        return sums.values().stream()
                .sorted(Comparator.comparingInt(Sample.Flow::tier).thenComparing(Sample.Flow::namespace))
                .toList();
    }
}
