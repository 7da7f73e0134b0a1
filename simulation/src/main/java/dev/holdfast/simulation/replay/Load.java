package dev.holdfast.simulation.replay;

import dev.holdfast.engine.kv.Key;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/**
 * The load of the day as far as it was published: 100 reads to a write, 0.03 % of the keys take 40 % of the reads, values of 288
 * bytes. Over the other keys the reads are spread evenly, and so are the writes over all: nothing was published of that.
 *
 * @param keys how many there are
 * @param readsPerSecond requests arrive whether or not earlier ones were answered, at random times (Poisson)
 */
record Load(int keys, double readsPerSecond) {
    static final Load OF_THE_DAY = new Load(10_000, 40);

    private static final double HOT_SHARE_OF_KEYS = 0.0003;
    private static final double HOT_SHARE_OF_READS = 0.4;
    private static final double READS_TO_A_WRITE = 100;
    private static final int VALUE_BYTES = 288;

    int hotKeys() {
        return Math.max(1, (int) Math.round(keys * HOT_SHARE_OF_KEYS));
    }

    double perSecond() {
        return readsPerSecond * (1 + 1 / READS_TO_A_WRITE);
    }

    long nextArrivalNanos(SplittableRandom random) {
        return (long) (-Math.log(1 - random.nextDouble()) / perSecond() * 1e9);
    }

    boolean nextIsWrite(SplittableRandom random) {
        return random.nextDouble() * (READS_TO_A_WRITE + 1) < 1;
    }

    int nextRead(SplittableRandom random) {
        return random.nextDouble() < HOT_SHARE_OF_READS
                ? random.nextInt(hotKeys())
                : hotKeys() + random.nextInt(keys - hotKeys());
    }

    int nextWrite(SplittableRandom random) {
        return random.nextInt(keys);
    }

    static Key key(int index) {
        return Key.of("key-" + index);
    }

    static byte[] value(long number) {
        return ByteBuffer.allocate(VALUE_BYTES).putLong(number).array();
    }

    static long number(byte[] value) {
        return ByteBuffer.wrap(value).getLong();
    }
}
