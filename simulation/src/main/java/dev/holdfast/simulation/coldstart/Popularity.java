package dev.holdfast.simulation.coldstart;

import dev.holdfast.engine.kv.Key;
import java.util.Arrays;

/** Keys of a namespace, which are wanted by Zipf's law: the first one most. */
public final class Popularity {
    private static final double ZIPF = 0.99;

    private final double[] upTo;

    public Popularity(int keys) {
        upTo = new double[keys];
        double sum = 0;
        for (int i = 0; i < keys; i++) {
            sum += 1 / Math.pow(i + 1.0, ZIPF);
            upTo[i] = sum;
        }
        for (int i = 0; i < keys; i++) {
            upTo[i] /= sum;
        }
    }

    int keys() {
        return upTo.length;
    }

    /** @param draw 0 to 1 */
    public Key drawn(double draw) {
        int at = Arrays.binarySearch(upTo, draw);
        return key(Math.min(upTo.length - 1, at < 0 ? -at - 1 : at));
    }

    public static Key key(int index) {
        return Key.of("key-" + index);
    }
}
