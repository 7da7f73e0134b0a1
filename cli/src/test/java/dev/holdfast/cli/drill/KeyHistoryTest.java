package dev.holdfast.cli.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.drill.KeyHistory.Published;
import dev.holdfast.cli.drill.KeyHistory.Verdict;
import dev.holdfast.cli.drill.KeyHistory.Wrong;
import org.junit.jupiter.api.Test;

class KeyHistoryTest {
    private final KeyHistory history = new KeyHistory();

    private long acknowledged(long version) {
        long sequence = history.writeBegins();
        history.writeAcknowledged(sequence, version);
        return sequence;
    }

    private void assertWrong(Verdict verdict, Wrong kind) {
        assertThat(verdict.right()).isFalse();
        assertThat(verdict.wrong()).isEqualTo(kind);
        assertThat(verdict.sentence()).isNotEmpty();
    }

    @Test
    void theNewestAcknowledgedValueIsRight() {
        long sequence = acknowledged(10);
        assertThat(history.found(history.readBegins(), sequence, 10).right()).isTrue();
    }

    @Test
    void anOlderValueThanWasAcknowledgedBeforeTheReadIsStale() {
        long first = acknowledged(10);
        acknowledged(20);
        assertWrong(history.found(history.readBegins(), first, 10), Wrong.STALE);
    }

    @Test
    void anOlderValueIsRightWhenTheNewerWasAcknowledgedOnlyAfterTheReadBegan() {
        long first = acknowledged(10);
        Published floor = history.readBegins();
        acknowledged(20);
        assertThat(history.found(floor, first, 10).right()).isTrue();
    }

    @Test
    void anOldValueUnderANewVersionIsStale() {
        long first = acknowledged(10);
        acknowledged(20);
        assertWrong(history.found(history.readBegins(), first, 30), Wrong.STALE);
    }

    @Test
    void aWriteUnderWayMayBeSeenAndThenNoLaterReadGoesBack() {
        long first = acknowledged(10);
        long second = history.writeBegins();
        assertThat(history.found(history.readBegins(), second, 20).right()).isTrue();
        assertWrong(history.found(history.readBegins(), first, 10), Wrong.WENT_BACK);
    }

    @Test
    void aWriteInDoubtMayComeTrueLateButOnlyWithANewerVersion() {
        acknowledged(10);
        long doubtful = history.writeBegins();
        history.writeInDoubt(doubtful);
        long last = acknowledged(30);
        assertWrong(history.found(history.readBegins(), doubtful, 20), Wrong.STALE);
        assertThat(history.found(history.readBegins(), last, 30).right()).isTrue();
        assertThat(history.found(history.readBegins(), doubtful, 40).right()).isTrue();
    }

    @Test
    void aRefusedWriteThatShowsUpIsInvented() {
        acknowledged(10);
        long refused = history.writeBegins();
        history.writeRefused(refused);
        assertWrong(history.found(history.readBegins(), refused, 20), Wrong.INVENTED);
    }

    @Test
    void aValueThatWasNeverWrittenIsInvented() {
        long sequence = acknowledged(10);
        assertWrong(history.found(history.readBegins(), sequence + 1, 20), Wrong.INVENTED);
        acknowledged(20);
        assertWrong(history.found(history.readBegins(), sequence, 20), Wrong.INVENTED);
    }

    @Test
    void absenceIsRightOnlyWhileNothingWasKnown() {
        assertThat(history.absent(history.readBegins()).right()).isTrue();
        Published floor = history.readBegins();
        acknowledged(10);
        assertThat(history.absent(floor).right()).isTrue();
        assertWrong(history.absent(history.readBegins()), Wrong.ABSENT);
    }

    private long deleted(long version) {
        long sequence = history.deleteBegins();
        history.writeAcknowledged(sequence, version);
        return sequence;
    }

    @Test
    void absenceIsRightAfterADeleteUntilTheNextWrite() {
        long first = acknowledged(10);
        deleted(20);
        assertThat(history.absent(history.readBegins()).right()).isTrue();
        assertWrong(history.found(history.readBegins(), first, 10), Wrong.STALE);
        acknowledged(30);
        assertWrong(history.absent(history.readBegins()), Wrong.ABSENT);
    }

    @Test
    void aDeleteUnderWayMayBeSeenAndThenNoLaterReadGoesBack() {
        long first = acknowledged(10);
        history.deleteBegins();
        assertThat(history.found(history.readBegins(), first, 10).right()).isTrue();
        assertThat(history.absent(history.readBegins()).right()).isTrue();
        assertWrong(history.found(history.readBegins(), first, 10), Wrong.WENT_BACK);
    }

    @Test
    void anAbsenceThatAnEarlierDeleteExplainsSaysNothingOfALaterOne() {
        deleted(10);
        Published floor = history.readBegins();
        long second = acknowledged(20);
        history.deleteBegins();
        assertThat(history.absent(floor).right()).isTrue();
        assertThat(history.found(history.readBegins(), second, 20).right()).isTrue();
    }

    @Test
    void aRefusedDeleteExplainsNoAbsence() {
        acknowledged(10);
        history.writeRefused(history.deleteBegins());
        assertWrong(history.absent(history.readBegins()), Wrong.ABSENT);
    }

    @Test
    void aDeleteInDoubtMayComeTrueLate() {
        acknowledged(10);
        history.writeInDoubt(history.deleteBegins());
        acknowledged(30);
        assertThat(history.absent(history.readBegins()).right()).isTrue();
    }

    @Test
    void whatWasInDoubtWhenTheServerDiedCannotComeTrueAfterALaterWrite() {
        acknowledged(10);
        long write = history.writeBegins();
        history.writeInDoubt(write);
        history.writeInDoubt(history.deleteBegins());
        history.doubtEnds();
        assertThat(history.absent(history.readBegins()).right()).isTrue();
        acknowledged(40);
        assertWrong(history.absent(history.readBegins()), Wrong.ABSENT);
        assertWrong(history.found(history.readBegins(), write, 50), Wrong.STALE);
    }

    @Test
    void aListingShowsNoOlderVersion() {
        acknowledged(10);
        acknowledged(20);
        assertThat(history.listed(history.readBegins(), 20).right()).isTrue();
        assertWrong(history.listed(history.readBegins(), 10), Wrong.STALE);
    }

    @Test
    void versionsAreComparedAsUnsignedNumbers() {
        long first = acknowledged(Long.MAX_VALUE);
        acknowledged(Long.MIN_VALUE);
        assertWrong(history.found(history.readBegins(), first, Long.MAX_VALUE), Wrong.STALE);
    }

    @Test
    void oneWriterAtATime() {
        assertThat(history.tryToWrite()).isTrue();
        assertThat(history.tryToWrite()).isFalse();
        history.writingEnds();
        assertThat(history.tryToWrite()).isTrue();
    }
}
