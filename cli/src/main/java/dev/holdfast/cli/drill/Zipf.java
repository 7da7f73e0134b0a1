package dev.holdfast.cli.drill;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Numbers from 0 on, of which the k-th comes up in proportion to 1/(k+1)^0.99: a few keys are hot, as in real traffic. */
public final class Zipf {
    private static final double EXPONENT = 0.99;

    private final double[] upTo;

    public Zipf(int numbers) {
        upTo = new double[numbers];
        double sum = 0;
        for (int i = 0; i < numbers; i++) {
            sum += 1 / Math.pow(i + 1.0, EXPONENT);
            upTo[i] = sum;
        }
    }

    public int next(RandomGenerator random) {
        int found = Arrays.binarySearch(upTo, random.nextDouble() * upTo[upTo.length - 1]);
        return Math.min(found >= 0 ? found : -found - 1, upTo.length - 1);
    }
}
