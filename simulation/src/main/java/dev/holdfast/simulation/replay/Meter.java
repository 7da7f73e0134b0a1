package dev.holdfast.simulation.replay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts what users of one arm felt, minute by minute, and knows what was acknowledged. Confined to the world. */
final class Meter {
    static final long BUCKET_NANOS = 60_000_000_000L;

    private final int buckets;
    private final long[] reads;
    private final long[] failedReads;
    private final long[] staleReads;
    private final long[] writes;
    private final long[] failedWrites;
    private final Map<Integer, List<Long>> acknowledged = new HashMap<>();

    Meter(long nanos) {
        buckets = (int) (nanos / BUCKET_NANOS) + 1;
        reads = new long[buckets];
        failedReads = new long[buckets];
        staleReads = new long[buckets];
        writes = new long[buckets];
        failedWrites = new long[buckets];
    }

    private int bucket(long nanos) {
        return Math.min(buckets - 1, (int) (nanos / BUCKET_NANOS));
    }

    /** The newest acknowledged write of a key; 0 for none. */
    long newest(int key) {
        List<Long> numbers = acknowledged.get(key);
        return numbers == null ? 0 : numbers.getLast();
    }

    void read(long nanos, boolean stale) {
        reads[bucket(nanos)]++;
        staleReads[bucket(nanos)] += stale ? 1 : 0;
    }

    void readFailed(long nanos) {
        reads[bucket(nanos)]++;
        failedReads[bucket(nanos)]++;
    }

    void wrote(long nanos, int key, long number) {
        writes[bucket(nanos)]++;
        List<Long> numbers = acknowledged.computeIfAbsent(key, k -> new ArrayList<>());
        // Two writes of one key may be under way at once; numbers tell which was begun later.
        if (numbers.isEmpty() || numbers.getLast() < number) {
            numbers.add(number);
        }
    }

    void writeFailed(long nanos) {
        writes[bucket(nanos)]++;
        failedWrites[bucket(nanos)]++;
    }

    /** How many acknowledged writes of the key are newer than what is left. */
    long lost(int key, long left) {
        return acknowledged.getOrDefault(key, List.of()).stream()
                .filter(number -> number > left)
                .count();
    }

    Iterable<Integer> writtenKeys() {
        return acknowledged.keySet().stream().sorted().toList();
    }

    /** Shares over the minutes from {@code from} to {@code to}. */
    ArmResult.Shares shares(long from, long to) {
        int first = bucket(from);
        int last = Math.max(first, bucket(to - 1));
        long allReads = sum(reads, first, last);
        long allWrites = sum(writes, first, last);
        long failed = sum(failedReads, first, last) + sum(failedWrites, first, last);
        return new ArmResult.Shares(
                allReads + allWrites,
                share(failed, allReads + allWrites),
                share(sum(failedReads, first, last), allReads),
                share(sum(failedWrites, first, last), allWrites),
                share(sum(staleReads, first, last), allReads));
    }

    private static long sum(long[] counts, int first, int last) {
        return Arrays.stream(counts, first, last + 1).sum();
    }

    private static double share(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }

    List<ArmResult.Minute> minutes() {
        List<ArmResult.Minute> minutes = new ArrayList<>();
        for (int i = 0; i < buckets - 1; i++) {
            minutes.add(new ArmResult.Minute(
                    i,
                    1 - share(failedReads[i], reads[i]),
                    1 - share(failedWrites[i], writes[i]),
                    share(staleReads[i], reads[i])));
        }
        return minutes;
    }
}
