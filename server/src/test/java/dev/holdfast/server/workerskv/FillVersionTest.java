package dev.holdfast.server.workerskv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Version;
import org.junit.jupiter.api.Test;

class FillVersionTest {
    private static final Version SINCE = Version.atMillis(1_000);

    @Test
    void eachIsAboveTheFloorAndBelowWhatIsWrittenAMillisecondLater() {
        Version at = SINCE;
        for (int i = 0; i < 256; i++) {
            Version next = FillVersion.next(at, SINCE);
            assertThat(next.newerThan(at)).isTrue();
            assertThat(FillVersion.is(next, SINCE)).isTrue();
            assertThat(Version.atMillis(1_001).newerThan(next)).isTrue();
            at = next;
        }
        assertThat(FillVersion.next(at, SINCE)).isEqualTo(at);
    }

    @Test
    void whatWasWrittenHereIsNoneOfThem() {
        assertThat(FillVersion.is(SINCE, SINCE)).isFalse();
        assertThat(FillVersion.is(Version.of(1_000, 0, 2), SINCE)).isFalse();
        assertThat(FillVersion.is(Version.of(1_001, 0, 1), SINCE)).isFalse();
        assertThat(FillVersion.is(Version.NONE, SINCE)).isFalse();
    }

    @Test
    void aFloorJustBelowARecordLeavesThatRecordAlone() {
        Version record = Version.of(1_000, 3, 9);
        Version floor = new Version(record.bits() - 1);
        assertThat(FillVersion.is(record, floor)).isFalse();
        assertThat(FillVersion.next(floor, floor)).isEqualTo(Version.of(1_001, 0, 1));
    }
}
