package dev.holdfast.engine.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ClockBoundsTest {
    @Test
    void aRoundTripBoundsTheOtherClockFromBothSides() {
        assertThat(ClockBounds.of(1_000, 300_000_000, 6_100, 1_300)).isEqualTo(new ClockBounds(4_800, 5_100));
        assertThat(new ClockBounds(4_800, 5_100).shown()).isEqualTo(4_800);
        assertThat(new ClockBounds(-5_100, -4_800).shown()).isEqualTo(-4_800);
        assertThat(new ClockBounds(-300, 12_000).shown()).isZero();
        assertThat(ClockBounds.of(6_100, 1_300)).isEqualTo(new ClockBounds(4_800, Long.MAX_VALUE));
    }

    @Test
    void onlyMoreThanTwoSecondsIsApart() {
        assertThat(new ClockBounds(2_000, 9_000).apart()).isFalse();
        assertThat(new ClockBounds(2_001, 9_000).apart()).isTrue();
        assertThat(new ClockBounds(-9_000, -2_000).apart()).isFalse();
        assertThat(new ClockBounds(-9_000, -2_001).apart()).isTrue();
        assertThat(new ClockBounds(-60_000, 60_000).apart()).isFalse();
        assertThat(new ClockBounds(-60_000, 60_000).together()).isFalse();
        assertThat(new ClockBounds(-2_000, 2_000).together()).isTrue();
    }

    @Test
    void boundsThatContradictAreOfAClockThatWasSetAndTheLaterOnesHold() {
        ClockBounds before = new ClockBounds(4_000, 6_000);
        assertThat(before.then(new ClockBounds(5_000, 9_000))).isEqualTo(new ClockBounds(5_000, 6_000));
        assertThat(before.then(new ClockBounds(-100, 100))).isEqualTo(new ClockBounds(-100, 100));
    }

    @Test
    void howeverLongMessagesTakeTheTruthIsWithinTheBounds() {
        for (long seed = 0; seed < 2_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            long ahead = random.nextLong(-20_000, 20_000);
            ClockBounds all = null;
            for (int i = 0; i < 5; i++) {
                long said = 1_000_000 + 100_000L * i;
                long read = said + random.nextLong(30_000);
                long heard = read + random.nextLong(30_000);
                ClockBounds one = random.nextInt(3) == 0
                        ? ClockBounds.of(read + ahead, heard)
                        : ClockBounds.of(said, (heard - said) * 1_000_000, read + ahead, heard);
                all = all == null ? one : all.then(one);
                assertThat(one.least()).as("seed %d", seed).isLessThanOrEqualTo(ahead);
                assertThat(one.most()).as("seed %d", seed).isGreaterThanOrEqualTo(ahead);
                assertThat(all.least()).as("seed %d", seed).isLessThanOrEqualTo(ahead);
                assertThat(all.most()).as("seed %d", seed).isGreaterThanOrEqualTo(ahead);
            }
        }
    }

    @Test
    void whereTheTwoClocksOfThisNodeDoNotAgreeTheBoundsAreWider() {
        // Set back by 30 s since it said something, 300 ms ago.
        assertThat(ClockBounds.of(31_000, 300_000_000, 1_000, 1_300)).isEqualTo(new ClockBounds(-300, 0));
        // Suspended for an hour since then.
        assertThat(ClockBounds.of(1_000, 300_000_000, 1_100, 3_601_300)).isEqualTo(new ClockBounds(-3_600_200, 100));
    }

    /** In milliseconds. */
    private long wall;

    private long nanos;
    private final Time time = new UnusedTime() {
        @Override
        public long wallMillis() {
            return wall;
        }

        @Override
        public long nanos() {
            return nanos;
        }
    };

    private void passes(long millis) {
        wall += millis;
        nanos += millis * 1_000_000;
    }

    @Test
    void aWatchForgetsWhatIsOld() {
        ClockWatch watch = new ClockWatch();
        assertThat(watch.bounds(time)).isEmpty();
        watch.add(new ClockBounds(4_000, 6_000), wall, nanos);
        passes(60_000);
        assertThat(watch.bounds(time)).contains(new ClockBounds(4_000, 6_000));
        passes(1);
        assertThat(watch.bounds(time)).isEmpty();
        watch.add(new ClockBounds(4_000, 6_000), wall, nanos);
        for (int i = 0; i < 4; i++) {
            watch.add(new ClockBounds(-10, Long.MAX_VALUE), wall, nanos);
        }
        assertThat(watch.bounds(time)).contains(new ClockBounds(-10, Long.MAX_VALUE));
    }

    @Test
    void whatWasFoundBeforeTheOwnClockWasSetSaysNothingOfNow() {
        ClockWatch watch = new ClockWatch();
        watch.add(new ClockBounds(-20, 30), wall, nanos);
        wall += 400;
        assertThat(watch.bounds(time)).isPresent();
        wall += 5_000;
        assertThat(watch.bounds(time)).isEmpty();
        watch.add(new ClockBounds(-5_020, -4_970), wall, nanos);
        assertThat(watch.bounds(time)).contains(new ClockBounds(-5_020, -4_970));
    }

    @Test
    void whatComesQuicklySaysMoreThanWhatComesLater() {
        ClockWatch watch = new ClockWatch();
        for (ClockBounds each : List.of(new ClockBounds(-20, 30), new ClockBounds(-9_000, 9_000))) {
            watch.add(each, wall, nanos);
        }
        assertThat(watch.bounds(time)).contains(new ClockBounds(-20, 30));
    }
}
