package dev.holdfast.engine.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.LocalStore.Batch;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.MemoryLocalStore;
import dev.holdfast.engine.replication.ChangeLog.Change;
import dev.holdfast.engine.replication.ChangeLog.Page;
import dev.holdfast.engine.replication.ChangeLog.Position;
import dev.holdfast.engine.time.SystemTime;
import dev.holdfast.engine.time.Time;
import dev.holdfast.engine.time.UnusedTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeedTest {
    private static final NamespaceId NAMESPACE = new NamespaceId(7, 8);
    private static final long SOON = 10_000_000_000L;

    private final MemoryLocalStore local = new MemoryLocalStore();
    private Feed feed = opened(1_000_000);
    private final Position begin = feed.newest();
    private long versions;

    private Feed opened(long retained) {
        try {
            return Feed.open(local, new SystemTime(), retained);
        } catch (LocalStoreFault e) {
            throw new AssertionError(e);
        }
    }

    private Record record(int bytes) {
        return Record.of(Version.of(++versions, 0, 1), new byte[bytes]);
    }

    private FeedEntry begin(String key, int bytes) throws LocalStoreFault {
        FeedEntry entry = feed.begin(new KeyRef(NAMESPACE, Key.of(key)), record(bytes));
        Batch batch = new Batch();
        feed.append(batch, entry);
        local.commit(batch);
        return entry;
    }

    private FeedEntry begin(String key) throws LocalStoreFault {
        return begin(key, 1);
    }

    private Position write(String key) throws LocalStoreFault {
        FeedEntry entry = begin(key);
        entry.stands();
        return entry.at();
    }

    private Page.Changes changes(Position after, int limit) throws InterruptedException {
        Page page = feed.read(after, limit, 0);
        assertThat(page).isInstanceOf(Page.Changes.class);
        return (Page.Changes) page;
    }

    private List<String> keys(Position after) throws InterruptedException {
        return keys(changes(after, 100));
    }

    private static List<String> keys(Page.Changes page) {
        return page.changes().stream()
                .map(change -> change.key() + (change.record() == null ? "?" : ""))
                .toList();
    }

    private void assertGap(Position after) throws InterruptedException {
        Page page = feed.read(after, 100, 0);
        assertThat(page).isInstanceOf(Page.Gap.class);
        assertThat(((Page.Gap) page).resumeAt()).isEqualTo(feed.newest());
    }

    @Test
    void changesAreToldInOrderFromAnyPositionOn() throws Exception {
        write("a");
        Position second = write("b");
        write("c");
        assertThat(keys(begin)).containsExactly("a", "b", "c");
        assertThat(keys(second)).containsExactly("c");
        assertThat(changes(begin, 100).next()).isEqualTo(feed.newest());
        Page.Changes page = changes(begin, 2);
        assertThat(keys(page)).containsExactly("a", "b");
        assertThat(page.next()).isEqualTo(second);
        assertThat(keys(feed.newest())).isEmpty();
        assertThat(Position.parse(second.toString())).isEqualTo(second);
    }

    @Test
    void whoMayMissNothingHearsOfARunThatDidNotEndInOrder() throws Exception {
        Position first = write("a");
        write("b");
        begin("under way");
        begin("large", 5_000);
        assertThat(feed.unsettled(first, 100)).isNull();
        feed = opened(1_000_000);
        write("after");
        assertGap(first);
        assertThat(keys(new Page.Changes(feed.unsettled(first, 100), first)))
                .containsExactly("b", "under way", "large?");
        assertThat(keys(new Page.Changes(feed.unsettled(first, 2), first))).containsExactly("b", "under way");
        feed.close();
        feed = opened(1_000_000);
        assertThat(keys(new Page.Changes(feed.unsettled(first, 100), first)))
                .containsExactly("b", "under way", "large?", "after");
    }

    @Test
    void nobodyHearsOfARunThatIsCutOff() throws Exception {
        Position first = write("a");
        write("b");
        write("c");
        feed = opened(1);
        write("d");
        write("e");
        feed.trim();
        assertThat(feed.unsettled(first, 100)).isNull();
    }

    @Test
    void whatIsAcknowledgedIsNotGreaterThanWhatHasBegun() throws Exception {
        FeedEntry slow = begin("slow");
        Position quick = write("quick");
        assertThat(feed.begun()).isEqualTo(quick).isGreaterThan(feed.newest());
        slow.stands();
        assertThat(feed.begun()).isEqualTo(feed.newest());
    }

    @Test
    void nothingIsToldBehindWhatIsStillUnderWay() throws Exception {
        FeedEntry slow = begin("slow");
        Position quick = write("quick");
        assertThat(keys(begin)).isEmpty();
        assertThat(keys(quick)).as("a session's token may be ahead").isEmpty();
        assertThat(feed.newest()).isEqualTo(begin);
        slow.stands();
        assertThat(keys(begin)).containsExactly("slow", "quick");
        assertThat(feed.newest()).isEqualTo(quick);
    }

    @Test
    void whatNeverHappenedIsNotTold() throws Exception {
        begin("refused").never();
        assertThat(keys(begin)).isEmpty();
        assertThat(changes(begin, 100).next()).isEqualTo(feed.newest()).isNotEqualTo(begin);
        write("a");
        assertThat(keys(begin)).containsExactly("a");
    }

    @Test
    void ofWhatIsNotKnownOnlyTheKeyIsTold() throws Exception {
        begin("unknown").unknown();
        begin("interrupted").close();
        begin("large", FeedEntry.INLINE_BYTES + 1).stands();
        assertThat(keys(begin)).containsExactly("unknown?", "interrupted?", "large?");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void epochThatEndedInOrderIsNoGap(boolean longAgo) throws Exception {
        begin("refused").never();
        begin("unknown").unknown();
        write("a");
        Position last = feed.newest();
        feed.close();
        feed = opened(1_000_000);
        if (longAgo) {
            feed.close();
            feed = opened(1_000_000);
        }
        assertThat(keys(begin)).containsExactly("unknown?", "a");
        assertThat(changes(begin, 1).next()).isLessThan(last);
        assertThat(keys(last)).isEmpty();
        assertThat(changes(last, 1).next()).isGreaterThan(last);
        write("b");
        assertThat(keys(last)).containsExactly("b");
        assertGap(new Position(last.epoch(), last.sequence() + 1));
    }

    @Test
    void epochThatDidNotEndInOrderIsAGap() throws Exception {
        Position first = write("a");
        write("b");
        feed = opened(1_000_000);
        write("c");
        assertGap(begin);
        assertGap(first);
        feed.close();
        feed = opened(1_000_000);
        assertGap(begin);
    }

    @Test
    void epochInWhichNothingWasWrittenAndThatDidNotEndInOrderIsAGapToo() throws Exception {
        Position last = write("a");
        feed.close();
        feed = opened(1_000_000);
        feed = opened(1_000_000);
        assertGap(last);
    }

    @Test
    void epochWithSomethingUnderWayDoesNotEndInOrder() throws Exception {
        Position last = write("a");
        FeedEntry late = begin("late");
        feed.close();
        late.stands();
        feed = opened(1_000_000);
        assertGap(last);
        Feed.Changing changing = feed.changing();
        last = feed.newest();
        feed.close();
        changing.close();
        feed = opened(1_000_000);
        assertGap(last);
    }

    @Test
    void nothingBeginsAfterTheEnd() {
        feed.close();
        assertThatThrownBy(() -> begin("late")).isInstanceOf(LocalStoreFault.class);
        assertThatThrownBy(() -> feed.changing()).isInstanceOf(LocalStoreFault.class);
    }

    @Test
    void positionsOfAnotherLogAreAGap() throws Exception {
        write("a");
        assertGap(new Position(begin.epoch(), 5));
        assertGap(new Position(begin.epoch() + 1, 0));
        assertGap(new Position(0, 0));
        assertGap(new Position(1, 7));
    }

    /** Seeds 1992, 2050 and 3001 of worlds of twelve minutes: the first epoch was the millisecond alone. */
    @Test
    void positionsFromBeforeTheDiskWasLostAreAGapThoughTheClockWasSetBackToTheVeryMillisecond() throws Exception {
        Time time = new StoppedClock();
        feed = Feed.open(new MemoryLocalStore(), time, 1_000_000);
        Position before = write("a");
        write("b");
        feed = Feed.open(new MemoryLocalStore(), time, 1_000_000);
        write("c");
        write("d");
        assertGap(before);
    }

    @Test
    void whatIsTrimmedIsAGap() throws Exception {
        feed = opened(3);
        Position start = feed.newest();
        List<Position> written = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            written.add(write("k" + i));
        }
        feed.trim();
        assertGap(begin);
        assertGap(start);
        assertGap(written.get(4));
        assertThat(keys(written.get(5))).containsExactly("k6", "k7", "k8", "k9");
        feed.close();
        feed = opened(3);
        assertGap(written.get(4));
        assertThat(keys(written.get(5))).containsExactly("k6", "k7", "k8", "k9");
    }

    @Test
    void whatTheMemoryHasLostComesFromTheDisk() throws Exception {
        begin("refused").never();
        begin("unknown").unknown();
        for (int i = 0; i < 20_000; i++) {
            write("k" + i);
        }
        assertThat(keys(changes(begin, 3))).containsExactly("unknown?", "k0", "k1");
        List<Change> all = new ArrayList<>();
        Position at = begin;
        while (at.compareTo(feed.newest()) < 0) {
            Page.Changes page = changes(at, 1000);
            all.addAll(page.changes());
            at = page.next();
        }
        assertThat(all).hasSize(20_001);
        assertThat(all).isSortedAccordingTo((a, b) -> a.at().compareTo(b.at()));
    }

    @Test
    void whatPilesUpBehindASlowWriteComesFromTheDisk() throws Exception {
        FeedEntry slow = begin("slow");
        for (int i = 0; i < 10_000; i++) {
            write("k" + i);
        }
        slow.never();
        Page.Changes page = changes(begin, 20_000);
        assertThat(page.changes()).hasSize(10_000).allMatch(change -> change.record() != null);
    }

    @Test
    void whatADiskThatFailsHasNotKeptIsAGap() throws Exception {
        FeedEntry refused = begin("refused");
        local.failing(true);
        refused.never();
        local.failing(false);
        assertGap(begin);
        Position after = feed.newest();
        write("a");
        assertThat(keys(after)).containsExactly("a");
        feed.close();
        feed = opened(1_000_000);
        assertGap(begin);
        assertThat(keys(after)).containsExactly("a");
    }

    @Test
    void readersAreWokenByWhatTheyWaitFor() throws Exception {
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Page>> readers = new ArrayList<>();
            FeedEntry slow = begin("slow");
            for (int i = 0; i < 300; i++) {
                readers.add(pool.submit(() -> feed.read(begin, 10, SOON)));
            }
            write("quick");
            Thread.sleep(20);
            assertThat(readers).noneMatch(Future::isDone);
            slow.stands();
            for (Future<Page> reader : readers) {
                assertThat(keys((Page.Changes) reader.get())).contains("slow");
            }
        }
        assertThat(feed.read(feed.newest(), 10, 1_000_000)).isEqualTo(new Page.Changes(List.of(), feed.newest()));
    }

    /** Shows the same moment for ever. */
    private static final class StoppedClock extends UnusedTime {
        private final Random random = new Random(1);

        @Override
        public long wallMillis() {
            return 1_800_000_000_000L;
        }

        @Override
        public long nanos() {
            return 0;
        }

        @Override
        public RandomGenerator random() {
            return random;
        }
    }
}
