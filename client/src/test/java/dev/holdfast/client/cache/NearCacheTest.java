package dev.holdfast.client.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.client.ManualTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class NearCacheTest {
    private static final Place PLACE = new Place("n", "k");
    private static final String OLD = "0000000000000001";
    private static final String NEW = "0000000000000002";

    private final ManualTime time = new ManualTime();
    private final NearCache cache = new NearCache(time, Duration.ofSeconds(60), 1 << 20);

    private Known known(String version, String value) {
        return new Known(
                version, true, value.getBytes(StandardCharsets.UTF_8), "", Known.NEVER, "a", true, time.wallMillis());
    }

    private Known absent() {
        return Known.absent("", "a", true, time.wallMillis());
    }

    private void fill(Known answer) {
        cache.end(cache.begin(PLACE), answer);
    }

    /** The version, and a question mark when the server is to be asked; "absent" and "nothing" where there is none. */
    private String seen() {
        Found found = cache.find(PLACE);
        if (found == null) {
            return "nothing";
        }
        String what = found.known().present() ? new String(found.known().value(), StandardCharsets.UTF_8) : "absent";
        return what + (found.current() ? "" : "?");
    }

    @Test
    void timeDecidesWhenToAskAndNotWhatToForget() {
        assertThat(seen()).isEqualTo("nothing");
        fill(known(OLD, "v"));
        time.advance(Duration.ofMillis(59_999));
        assertThat(seen()).isEqualTo("v");
        time.advance(Duration.ofMillis(1));
        assertThat(seen()).isEqualTo("v?");
        time.advance(Duration.ofDays(30));
        assertThat(seen()).isEqualTo("v?");
        fill(known(OLD, "v"));
        assertThat(seen()).isEqualTo("v");
    }

    @Test
    void anAgeFromTheFutureIsNoAge() {
        fill(known(OLD, "v"));
        time.stepWall(Duration.ofSeconds(-1));
        assertThat(seen()).isEqualTo("v?");
    }

    @Test
    void anExpiredKeyIsGone() {
        long now = time.wallMillis() / 1000;
        fill(new Known(OLD, true, new byte[1], "", now + 10, "a", true, time.wallMillis()));
        time.advance(Duration.ofMillis(9_999));
        assertThat(seen()).isNotEqualTo("nothing");
        time.advance(Duration.ofMillis(1));
        assertThat(seen()).isEqualTo("nothing");
    }

    @Test
    void anAnswerThatIsOlderThanAWriteIsNotKept() {
        Fill fill = cache.begin(PLACE);
        cache.wrote(cache.begin(PLACE), known(NEW, "mine"));
        assertThat(cache.end(fill, known(OLD, "before")).version()).isEqualTo(NEW);
        assertThat(seen()).isEqualTo("mine");
        Fill second = cache.begin(PLACE);
        cache.wrote(cache.begin(PLACE), known("0000000000000003", "again"));
        cache.end(second, absent());
        assertThat(seen()).isEqualTo("again");
    }

    @Test
    void anAnswerThatIsNewerThanAWriteIsKept() {
        Fill fill = cache.begin(PLACE);
        cache.wrote(cache.begin(PLACE), known(OLD, "mine"));
        cache.end(fill, known(NEW, "theirs"));
        assertThat(seen()).isEqualTo("theirs");
    }

    @Test
    void anAnswerDuringAWriteOfUnknownEndIsAskedForAgain() {
        fill(known(OLD, "v"));
        Fill fill = cache.begin(PLACE);
        cache.outdated(PLACE, "");
        assertThat(seen()).isEqualTo("v?");
        cache.end(fill, known(NEW, "w"));
        assertThat(seen()).isEqualTo("w?");
        fill(known(NEW, "w"));
        assertThat(seen()).isEqualTo("w");
    }

    @Test
    void aServerThatHasNotCaughtUpOverridesNothing() {
        fill(known(NEW, "new"));
        assertThat(cache.end(cache.begin(PLACE), known(OLD, "old")).version()).isEqualTo(NEW);
        assertThat(seen()).isEqualTo("new?");
    }

    @Test
    void anAbsenceOverridesOnlyWithEvidence() {
        fill(known(NEW, "v"));
        fill(Known.absent("", "a", false, time.wallMillis()));
        assertThat(seen()).isEqualTo("v?");
        fill(absent());
        assertThat(seen()).isEqualTo("absent");
    }

    @Test
    void whatNobodyVouchesForIsKeptAndAskedForAgain() {
        fill(new Known(OLD, true, new byte[0], "", Known.NEVER, "a", false, time.wallMillis()));
        assertThat(seen()).isEqualTo("?");
    }

    @Test
    void aChangeWithItsValueReplacesWhatIsKept() {
        cache.told(PLACE, known(OLD, "v"));
        assertThat(seen()).as("not worth keeping for that").isEqualTo("nothing");
        fill(known(OLD, "v"));
        cache.told(PLACE, known(NEW, "w"));
        assertThat(seen()).isEqualTo("w");
        cache.told(PLACE, known(OLD, "v"));
        assertThat(seen()).as("told again, late").isEqualTo("w");
        fill(absent());
        cache.told(PLACE, known(OLD, "v"));
        assertThat(seen()).as("before or after the absence, who knows").isEqualTo("absent?");
    }

    @Test
    void whatNobodyVouchedForMakesAChangeNoYounger() {
        long told = time.wallMillis();
        time.advance(Duration.ofSeconds(50));
        fill(new Known(OLD, true, new byte[0], "", Known.NEVER, "a", false, time.wallMillis()));
        cache.told(PLACE, new Known(NEW, true, new byte[0], "", Known.NEVER, "a", true, told));
        assertThat(cache.find(PLACE).known().vouchedAt()).isEqualTo(told);
    }

    @Test
    void aChangeThatIsToldAgainEndsNoDoubt() {
        fill(known(OLD, "v"));
        cache.outdated(PLACE, "0000000000000003");
        cache.told(PLACE, known(OLD, "v"));
        assertThat(seen()).isEqualTo("v?");
        cache.told(PLACE, known(NEW, "w"));
        assertThat(seen()).isEqualTo("w?");
        fill(known(NEW, "w"));
        cache.gap("n");
        cache.told(PLACE, known(NEW, "w"));
        assertThat(seen()).isEqualTo("w?");
        cache.told(PLACE, known("0000000000000003", "x"));
        assertThat(seen()).as("the newest may be among what was missed").isEqualTo("x?");
    }

    @Test
    void aWriteThatAChangeOvertakesIsAskedForAgain() {
        Fill write = cache.begin(PLACE);
        cache.outdated(PLACE, "0000000000000003");
        cache.wrote(write, known(NEW, "mine"));
        assertThat(seen()).isEqualTo("mine?");
        Fill second = cache.begin(PLACE);
        cache.gap("n");
        cache.wrote(second, known("0000000000000004", "again"));
        assertThat(seen()).isEqualTo("again?");
    }

    @Test
    void aChangeMakesWhatIsOlderDoubtful() {
        fill(known(NEW, "v"));
        cache.outdated(PLACE, OLD);
        assertThat(seen()).isEqualTo("v");
        cache.outdated(PLACE, "0000000000000003");
        assertThat(seen()).isEqualTo("v?");
    }

    @Test
    void aGapMakesTheWholeNamespaceDoubtful() {
        fill(known(NEW, "v"));
        Fill before = cache.begin(new Place("n", "other"));
        cache.gap("n");
        assertThat(seen()).isEqualTo("v?");
        cache.end(before, known(NEW, "w"));
        Found found = cache.find(new Place("n", "other"));
        assertThat(found).isNotNull();
        assertThat(found.current()).as("it was asked for before the gap").isFalse();
        fill(known(NEW, "v"));
        assertThat(seen()).isEqualTo("v");
    }

    @Test
    void memoryIsBoundedByTheKeysUsedLast() {
        NearCache small = new NearCache(time, Duration.ofSeconds(60), 10_000);
        for (int i = 0; i < 1_000; i++) {
            Place place = new Place("n", "k" + i);
            small.end(small.begin(place), known(OLD, "v".repeat(100)));
            assertThat(small.find(new Place("n", "k0"))).isNotNull();
        }
        assertThat(small.statistics().memoryBytes()).isBetween(5_000L, 10_000L);
        small.wrote(small.begin(PLACE), known(NEW, "v".repeat(9_000)));
        assertThat(small.kept(PLACE)).isNull();
        assertThat(small.kept(new Place("n", "k0"))).isNotNull();
    }
}
