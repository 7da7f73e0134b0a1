package dev.holdfast.simulation.coldstart;

/** What users of each tier felt, second by second, and what the providers were asked. */
public final class Felt {
    private static final long SECOND = 1_000_000_000L;

    private final long[][] answered;
    private final long[][] failed;
    private final long[] load;
    private final int seconds;
    private long begin;
    private int underWay;

    public Felt(int tiers, int seconds) {
        this.seconds = seconds;
        this.answered = new long[tiers][seconds];
        this.failed = new long[tiers][seconds];
        this.load = new long[seconds];
    }

    public void begin(long nanos) {
        begin = nanos;
    }

    int second(long nanos) {
        return (int) Math.min(seconds - 1, (nanos - begin) / SECOND);
    }

    public void answered(int tier, long nanos) {
        answered[tier][second(nanos)]++;
    }

    public void failed(int tier, long nanos) {
        failed[tier][second(nanos)]++;
    }

    public void load(int second, long calls) {
        load[second] = calls;
    }

    public void enters() {
        underWay++;
    }

    public void leaves() {
        underWay--;
    }

    /** The server has died with all that were at it. */
    public void allLeave() {
        underWay = 0;
    }

    public int underWay() {
        return underWay;
    }

    /** The share of requests of a tier that were answered, over the seconds from {@code from} to {@code to}. */
    public double share(int tier, int from, int to) {
        long good = sum(answered[tier], from, to);
        long all = good + sum(failed[tier], from, to);
        return all == 0 ? 1 : (double) good / all;
    }

    /** The same of all tiers together. */
    public double share(int from, int to) {
        long good = 0;
        long all = 0;
        for (int tier = 0; tier < answered.length; tier++) {
            good += sum(answered[tier], from, to);
            all += sum(answered[tier], from, to) + sum(failed[tier], from, to);
        }
        return all == 0 ? 1 : (double) good / all;
    }

    /** Calls a second to both providers together, over these seconds. */
    public double load(int from, int to) {
        return (double) sum(load, from, to) / Math.max(1, to - from);
    }

    private static long sum(long[] counts, int from, int to) {
        long sum = 0;
        for (int i = Math.max(0, from); i < Math.min(counts.length, to); i++) {
            sum += counts[i];
        }
        return sum;
    }
}
