package dev.holdfast.cli.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PayloadTest {
    private final Payload payload = new Payload(288);

    @Test
    void aValueTellsItsWrite() {
        assertThat(payload.of(7, 42)).hasSize(288);
        assertThat(payload.sequence(7, payload.of(7, 42))).hasValue(42);
        assertThat(new Payload(37).sequence(7, new Payload(37).of(7, 42))).hasValue(42);
    }

    @Test
    void damageOfAnyByteIsSeen() {
        for (int i = 0; i < 288; i++) {
            byte[] value = payload.of(7, 42);
            value[i] ^= 1;
            assertThat(payload.sequence(7, value)).as("byte " + i).isEmpty();
        }
    }

    @Test
    void aValueCutShortOrOfAnotherKeyIsNotTakenForGood() {
        assertThat(payload.sequence(7, Arrays.copyOf(payload.of(7, 42), 287))).isEmpty();
        assertThat(payload.sequence(8, payload.of(7, 42))).isEmpty();
    }

    @Test
    void theFirstKeysAreTheHotOnes() {
        Zipf zipf = new Zipf(1_000);
        SplittableRandom random = new SplittableRandom(1);
        int[] counts = new int[1_000];
        for (int i = 0; i < 100_000; i++) {
            counts[zipf.next(random)]++;
        }
        assertThat(counts[0]).isBetween(12_000, 15_000);
        assertThat(counts[0]).isGreaterThan(counts[1]).isGreaterThan(5 * counts[9]);
    }
}
