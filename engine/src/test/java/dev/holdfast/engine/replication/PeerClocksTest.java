package dev.holdfast.engine.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Registry.Registration;
import dev.holdfast.engine.replication.StoreStatus.ClockView;
import dev.holdfast.engine.time.ClockBounds;
import dev.holdfast.engine.time.UnusedTime;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PeerClocksTest {
    private static final long BEGIN = 1_795_715_102_000L;

    /** In milliseconds, of a clock that is right. */
    private long now;

    private final Side x = new Side("x");
    private final Side y = new Side("y");

    /** A node, the clock of which may be off. */
    private final class Side {
        private final String name;
        private long ahead;
        /** By so much the clock that never steps back has stood still. */
        private long suspended;

        private int published;
        private final PeerClocks clocks;

        Side(String name) {
            this.name = name;
            this.clocks = new PeerClocks(
                    new UnusedTime() {
                        @Override
                        public long wallMillis() {
                            return BEGIN + now + ahead;
                        }

                        @Override
                        public long nanos() {
                            return (now - suspended) * 1_000_000;
                        }
                    },
                    name);
        }

        /** Its registration, by way of its bytes. */
        Registration says() {
            String text = Registration.text(Version.atMillis(7), Set.of(1, 2), clocks.say());
            Version version = Version.atMillis(BEGIN + ++published);
            return Registration.of(Record.of(version, text.getBytes(StandardCharsets.UTF_8)));
        }

        void hears(Side other, Registration said) {
            clocks.hear(Map.of(other.name, said));
        }

        List<ClockView> sees() {
            return clocks.views();
        }
    }

    /** So many rounds, in which each registration takes so long to be read. */
    private void talk(int rounds, long delayMillis) {
        for (int i = 0; i < rounds; i++) {
            Registration ofX = x.says();
            now += delayMillis;
            y.hears(x, ofX);
            now += 10_000;
            Registration ofY = y.says();
            now += delayMillis;
            x.hears(y, ofY);
            now += 10_000;
        }
    }

    private static ClockBounds only(Side side) {
        return side.sees().getFirst().bounds();
    }

    @Test
    void bothSeeByHowMuchOneIsAheadWithinTwiceTheDelay() {
        y.ahead = 5_000;
        talk(3, 100);
        assertThat(x.sees()).containsExactly(new ClockView("node y", new ClockBounds(4_900, 5_100)));
        assertThat(y.sees()).containsExactly(new ClockView("node x", new ClockBounds(-5_100, -4_900)));
    }

    @Test
    void aDelayOfTenSecondsShowsNothing() {
        y.ahead = 500;
        talk(5, 10_000);
        assertThat(only(x).apart()).isFalse();
        assertThat(only(y).apart()).isFalse();
        assertThat(only(x)).isEqualTo(new ClockBounds(-9_500, 10_500));
    }

    @Test
    void whatIsFoundForTheFirstTimeMayBeOfAnyAge() {
        y.ahead = 5_000;
        x.hears(y, y.says());
        assertThat(x.sees()).isEmpty();
        x.hears(y, y.says());
        assertThat(only(x)).isEqualTo(new ClockBounds(5_000, Long.MAX_VALUE));
    }

    @Test
    void whatWasReadBeforeSaysNothingNew() {
        y.ahead = 5_000;
        x.hears(y, y.says());
        Registration last = y.says();
        x.hears(y, last);
        y.ahead = 0;
        now += 61_000;
        x.hears(y, last);
        assertThat(x.sees()).isEmpty();
    }

    @Test
    void aClockThatIsSetRightIsSeenToBeSo() {
        y.ahead = 5_000;
        talk(3, 100);
        y.ahead = 0;
        talk(2, 100);
        assertThat(only(x).apart()).isFalse();
        assertThat(only(y).apart()).isFalse();
    }

    @Test
    void aStepOfTheOwnClockBetweenSayingAndHearingIsNoStepOfTheOthers() {
        talk(2, 100);
        Registration ofX = x.says();
        y.hears(x, ofX);
        x.ahead = -30_000;
        now += 100;
        x.hears(y, y.says());
        // As it is set now, the other one is half a minute ahead.
        assertThat(only(x)).isEqualTo(new ClockBounds(30_000, 30_000));
    }

    @Test
    void aMachineThatWasSuspendedDoesNotTakeTheOthersForBeingBehind() {
        talk(2, 100);
        y.hears(x, x.says());
        Registration ofY = y.says();
        now += 3_600_000;
        x.suspended = 3_600_000;
        x.hears(y, ofY);
        assertThat(x.sees()).hasSize(1);
        assertThat(only(x).apart()).isFalse();
        talk(2, 100);
        assertThat(only(x)).isEqualTo(new ClockBounds(-100, 100));
    }

    @Test
    void aNodeThatIsGoneIsNotHeardOf() {
        talk(2, 100);
        x.clocks.hear(Map.of());
        assertThat(x.sees()).isEmpty();
    }

    @Test
    void registrationsOfNodesThatSayNothingOfClocksAndWordsThatAreNoneAreRead() {
        for (String words : List.of("", " @", " @x", " y=1@2", " @7 y=@2", " @7 =@", " y@2=3 @1")) {
            Record record = Record.of(
                    Version.atMillis(1), (Version.atMillis(7) + " 1 2" + words).getBytes(StandardCharsets.UTF_8));
            Registration read = Registration.of(record);
            assertThat(read.watermark()).isEqualTo(Version.atMillis(7));
            assertThat(read.clocks()).as(words).isEqualTo(ClockTalk.NONE);
        }
    }
}
