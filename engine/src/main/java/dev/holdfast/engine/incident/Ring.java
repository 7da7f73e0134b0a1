package dev.holdfast.engine.incident;

import java.util.Arrays;

/** Counts of the last slots of time. Belongs to one thread. */
final class Ring {
    private final long slotNanos;
    private final int fields;
    private final long[] numbers;
    private final int[] counts;

    Ring(long slotNanos, int slots, int fields) {
        this.slotNanos = slotNanos;
        this.fields = fields;
        this.numbers = new long[slots];
        this.counts = new int[slots * fields];
        Arrays.fill(numbers, Long.MIN_VALUE);
    }

    void add(long nanos, int field, long count) {
        long number = Math.floorDiv(nanos, slotNanos);
        int slot = (int) Math.floorMod(number, (long) numbers.length);
        if (numbers[slot] != number) {
            numbers[slot] = number;
            Arrays.fill(counts, slot * fields, (slot + 1) * fields, 0);
        }
        counts[slot * fields + field] = (int) Math.min(Integer.MAX_VALUE, counts[slot * fields + field] + count);
    }

    /** Of the slot that is now and those before it, {@code slots} in all. */
    long sum(long nanos, int slots, int field) {
        long last = Math.floorDiv(nanos, slotNanos);
        long sum = 0;
        for (long number = last; number > last - slots; number--) {
            int slot = (int) Math.floorMod(number, (long) numbers.length);
            sum += numbers[slot] == number ? counts[slot * fields + field] : 0;
        }
        return sum;
    }
}
