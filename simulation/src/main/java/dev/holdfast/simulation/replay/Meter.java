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
    private final long[] overtakenReads;
    private final long[] oldReads;
    private final long[] writes;
    private final long[] failedWrites;
    private final Map<Integer, List<Acknowledged>> acknowledged = new HashMap<>();
    private long acknowledgements;

    private record Acknowledged(long number, long nanos) {}

    Meter(long nanos) {
        buckets = (int) (nanos / BUCKET_NANOS) + 1;
        reads = new long[buckets];
        failedReads = new long[buckets];
        overtakenReads = new long[buckets];
        oldReads = new long[buckets];
        writes = new long[buckets];
        failedWrites = new long[buckets];
    }

    private int bucket(long nanos) {
        return Math.min(buckets - 1, (int) (nanos / BUCKET_NANOS));
    }

    /** The newest write of a key that was acknowledged by then; 0 for none. */
    long newest(int key, long nanos) {
        for (Acknowledged write : acknowledged.getOrDefault(key, List.of()).reversed()) {
            if (write.nanos() <= nanos) {
                return write.number();
            }
        }
        return 0;
    }

    /** The answer was the newest value. */
    void read(long nanos) {
        reads[bucket(nanos)]++;
    }

    /** The answer had been the newest value when the cache fetched it. */
    void readOvertaken(long nanos) {
        reads[bucket(nanos)]++;
        overtakenReads[bucket(nanos)]++;
    }

    /** The store itself gave an older value than the newest. */
    void readOld(long nanos) {
        reads[bucket(nanos)]++;
        oldReads[bucket(nanos)]++;
    }

    void readFailed(long nanos) {
        reads[bucket(nanos)]++;
        failedReads[bucket(nanos)]++;
    }

    void wrote(long began, long ended, int key, long number) {
        writes[bucket(began)]++;
        acknowledgements++;
        List<Acknowledged> earlier = acknowledged.computeIfAbsent(key, k -> new ArrayList<>());
        // Two writes of one key may be under way at once; numbers tell which was begun later.
        if (earlier.isEmpty() || earlier.getLast().number() < number) {
            earlier.add(new Acknowledged(number, ended));
        }
    }

    long acknowledged() {
        return acknowledgements;
    }

    void writeFailed(long nanos) {
        writes[bucket(nanos)]++;
        failedWrites[bucket(nanos)]++;
    }

    /** How many acknowledged writes of the key are newer than what is left. */
    long lost(int key, long left) {
        return acknowledged.getOrDefault(key, List.of()).stream()
                .filter(write -> write.number() > left)
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
        long answered = allReads - sum(failedReads, first, last);
        return new ArmResult.Shares(
                allReads + allWrites,
                share(failed, allReads + allWrites),
                share(sum(failedReads, first, last), allReads),
                share(sum(failedWrites, first, last), allWrites),
                share(sum(overtakenReads, first, last), answered),
                share(sum(oldReads, first, last), answered));
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
                    share(overtakenReads[i] + oldReads[i], reads[i] - failedReads[i])));
        }
        return minutes;
    }
}
