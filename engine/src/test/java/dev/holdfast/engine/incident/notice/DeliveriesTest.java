package dev.holdfast.engine.incident.notice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.incident.Incident;
import dev.holdfast.engine.incident.Severity;
import dev.holdfast.engine.incident.notice.Messenger.Undelivered;
import dev.holdfast.engine.provider.MemoryLocalStore;
import dev.holdfast.engine.time.UnusedTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class DeliveriesTest {
    private static final long SECOND = 1_000_000_000L;

    private final MemoryLocalStore local = new MemoryLocalStore();
    /** The newest first, as they are told. */
    private final List<Incident> incidents = new ArrayList<>();

    private final List<Notice> arrived = new ArrayList<>();
    private final Deque<Undelivered> failures = new ArrayDeque<>();
    private final SplittableRandom random = new SplittableRandom(7);
    private long nanos = 5;
    private Runnable whileSending = () -> {};
    private String cannotTake = "";

    /** Stands until the test goes on. */
    private final class Stepped extends UnusedTime {
        @Override
        public long wallMillis() {
            return 1_800_000_000_000L + nanos / 1_000_000;
        }

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public RandomGenerator random() {
            return random;
        }
    }

    private Deliveries deliveries(Severity least, long repeatNanos) throws Exception {
        return new Deliveries(
                new Stepped(),
                local,
                new Deliveries.Config("pager", least, repeatNanos),
                () -> List.copyOf(incidents),
                notice -> {
                    whileSending.run();
                    if (!failures.isEmpty()) {
                        throw failures.pop();
                    }
                    if (notice.incident().id().equals(cannotTake)) {
                        throw new Undelivered("500", false);
                    }
                    arrived.add(notice);
                });
    }

    private Deliveries deliveries() throws Exception {
        return deliveries(Severity.P4, 0);
    }

    private static Incident incident(String id, Severity severity, long changedAt, long closedAt) {
        return new Incident(
                id,
                "provider:b",
                "Provider b is down",
                severity,
                severity,
                1,
                changedAt,
                closedAt,
                0,
                List.of(),
                List.of());
    }

    private void now(Deliveries deliveries, Incident incident) {
        incidents.removeIf(each -> each.id().equals(incident.id()));
        incidents.addFirst(incident);
        deliveries.changed(null, incident);
    }

    private void run(Deliveries deliveries, int steps) throws Exception {
        for (int i = 0; i < steps; i++) {
            nanos += deliveries.step();
        }
    }

    private List<String> told() {
        return arrived.stream()
                .map(notice -> notice.event().label() + " " + notice.incident().id() + " "
                        + notice.incident().severity())
                .toList();
    }

    @Test
    void eachChangeIsToldOnceAndTheWorstFirst() throws Exception {
        Deliveries deliveries = deliveries();
        now(deliveries, incident("1", Severity.P4, 10, 0));
        now(deliveries, incident("2", Severity.P3, 11, 0));
        run(deliveries, 5);
        now(deliveries, incident("1", Severity.P1, 12, 0));
        run(deliveries, 5);
        now(deliveries, incident("1", Severity.P1, 13, 13));
        run(deliveries, 5);
        now(deliveries, incident("1", Severity.P2, 14, 0));
        run(deliveries, 5);
        assertThat(told())
                .containsExactly("opened 2 P3", "opened 1 P4", "changed 1 P1", "closed 1 P1", "reopened 1 P2");
    }

    @Test
    void whatDoesNotArriveIsTriedAgainWithMoreAndMorePatienceAndTheNewestStateWins() throws Exception {
        Deliveries deliveries = deliveries();
        for (int i = 0; i < 20; i++) {
            failures.add(new Undelivered("nobody answers", false));
        }
        now(deliveries, incident("1", Severity.P4, 10, 0));
        List<Long> rests = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            long before = nanos;
            while (deliveries.status().failed() == i) {
                nanos += deliveries.step();
            }
            rests.add(nanos - before);
            now(deliveries, incident("1", Severity.P3, 11 + i, 0));
        }
        // Each up to a look longer.
        assertThat(rests.get(1)).isBetween(SECOND / 2, SECOND * 5 / 4);
        assertThat(rests.get(4)).isBetween(4 * SECOND, 33 * SECOND / 4);
        assertThat(rests.getLast()).isBetween(30 * SECOND, 61 * SECOND);
        assertThat(deliveries.status().waiting()).isEqualTo(1);
        assertThat(deliveries.status().problem()).isEqualTo("nobody answers");
        run(deliveries, 300);
        assertThat(told()).containsExactly("opened 1 P3");
        assertThat(deliveries.status()).satisfies(status -> {
            assertThat(status.failed()).isEqualTo(20);
            assertThat(status.delivered()).isEqualTo(1);
            assertThat(status.waiting()).isZero();
            assertThat(status.problem()).isEmpty();
        });
    }

    @Test
    void afterAnHourItIsGivenUpAndWhatComesLaterIsTold() throws Exception {
        Deliveries deliveries = deliveries();
        for (int i = 0; i < 300; i++) {
            failures.add(new Undelivered("nobody answers", false));
        }
        now(deliveries, incident("1", Severity.P4, 10, 0));
        while (deliveries.status().givenUp() == 0) {
            nanos += deliveries.step();
        }
        assertThat(nanos).isBetween(3_600 * SECOND, 3_700 * SECOND);
        failures.clear();
        run(deliveries, 5);
        assertThat(told()).isEmpty();
        now(deliveries, incident("1", Severity.P2, 11, 0));
        run(deliveries, 5);
        assertThat(told()).containsExactly("changed 1 P2");
    }

    @Test
    void whatTheReceiverDoesNotWantHoldsNothingElseUp() throws Exception {
        Deliveries deliveries = deliveries();
        failures.add(new Undelivered("a bad request", true));
        now(deliveries, incident("1", Severity.P4, 10, 0));
        now(deliveries, incident("2", Severity.P4, 11, 0));
        run(deliveries, 2);
        assertThat(told()).containsExactly("opened 2 P4");
        assertThat(deliveries.status().givenUp()).isEqualTo(1);
    }

    @Test
    void whatTheReceiverCannotTakeKeepsNothingWorseNorNewerFromIt() throws Exception {
        Deliveries deliveries = deliveries();
        cannotTake = "poison";
        now(deliveries, incident("poison", Severity.P1, 10, 0));
        now(deliveries, incident("mild", Severity.P4, 11, 0));
        run(deliveries, 8);
        assertThat(told()).containsExactly("opened mild P4");
        nanos += 600 * SECOND;
        for (int i = 0; i < 1_200; i++) {
            run(deliveries, 1);
        }
        // By now it rests for up to a minute between two attempts.
        now(deliveries, incident("worst", Severity.P0, 12, 0));
        long at = nanos;
        while (arrived.size() < 2) {
            run(deliveries, 1);
        }
        assertThat(told()).last().isEqualTo("opened worst P0");
        assertThat(nanos - at).isLessThanOrEqualTo(2 * SECOND);
        assertThat(deliveries.status().waiting()).isEqualTo(1);
    }

    @Test
    void whatTheReceiverCannotTakeKeepsNothingElseFromBeingToldAgain() throws Exception {
        Deliveries deliveries = deliveries(Severity.P4, 60 * SECOND);
        now(deliveries, incident("1", Severity.P1, 10, 0));
        now(deliveries, incident("2", Severity.P4, 11, 0));
        run(deliveries, 3);
        arrived.clear();
        cannotTake = "1";
        nanos += 61 * SECOND;
        run(deliveries, 1);
        assertThat(told()).containsExactly("still-open 2 P4");
    }

    @Test
    void aChangeThatComesWhileTheOneBeforeIsSentIsToldToo() throws Exception {
        Deliveries deliveries = deliveries();
        now(deliveries, incident("1", Severity.P4, 10, 0));
        whileSending = () -> {
            whileSending = () -> {};
            now(deliveries, incident("1", Severity.P0, 11, 0));
        };
        run(deliveries, 5);
        assertThat(told()).containsExactly("opened 1 P4", "changed 1 P0");
    }

    @Test
    void afterARestartIsToldWhatWasNotAndNothingTwice() throws Exception {
        Deliveries before = deliveries();
        now(before, incident("told", Severity.P4, 10, 0));
        run(before, 2);
        failures.add(new Undelivered("nobody answers", false));
        now(before, incident("tried", Severity.P4, 11, 0));
        run(before, 1);
        now(before, incident("over", Severity.P4, 9, 9));
        arrived.clear();
        incidents.clear();
        incidents.add(incident("never", Severity.P4, 14, 0));
        incidents.add(incident("tried", Severity.P4, 13, 13));
        incidents.add(incident("told", Severity.P4, 10, 0));
        incidents.add(incident("old", Severity.P4, 2, 2));
        run(deliveries(), 6);
        assertThat(told()).containsExactly("closed tried P4", "opened never P4");
        arrived.clear();
        run(deliveries(), 6);
        assertThat(told()).isEmpty();
    }

    @Test
    void milderOnesAreNotToldBeforeTheyGetWorse() throws Exception {
        Deliveries deliveries = deliveries(Severity.P1, 0);
        now(deliveries, incident("1", Severity.P2, 10, 0));
        run(deliveries, 3);
        assertThat(told()).isEmpty();
        now(deliveries, incident("1", Severity.P1, 11, 0));
        run(deliveries, 3);
        assertThat(told()).containsExactly("opened 1 P1");
    }

    @Test
    void whatIsOpenIsToldAgainForThoseWhoTakeSilenceForItsEnd() throws Exception {
        Deliveries deliveries = deliveries(Severity.P4, 60 * SECOND);
        now(deliveries, incident("1", Severity.P4, 10, 0));
        run(deliveries, 2);
        arrived.clear();
        long until = nanos + 125 * SECOND;
        while (nanos < until) {
            run(deliveries, 1);
        }
        assertThat(told()).containsExactly("still-open 1 P4", "still-open 1 P4");
        now(deliveries, incident("1", Severity.P4, 11, 11));
        run(deliveries, 2);
        arrived.clear();
        nanos += 200 * SECOND;
        run(deliveries, 3);
        assertThat(told()).isEmpty();
    }

    @Test
    void aDiskThatFailsKeepsNobodyFromBeingTold() throws Exception {
        Deliveries deliveries = deliveries();
        local.failing(true);
        now(deliveries, incident("1", Severity.P4, 10, 0));
        run(deliveries, 3);
        assertThat(told()).containsExactly("opened 1 P4");
    }

    @Test
    void noMoreWaitThanThereIsRoomFor() throws Exception {
        Deliveries deliveries = deliveries();
        for (int i = 0; i < 300; i++) {
            now(deliveries, incident("i" + i, Severity.P4, 10 + i, 0));
        }
        assertThat(deliveries.status().waiting()).isEqualTo(256);
        assertThat(deliveries.status().givenUp()).isEqualTo(44);
    }

    @Test
    void whenThereIsNoMoreRoomTheMildestIsGivenUp() throws Exception {
        Deliveries deliveries = deliveries();
        now(deliveries, incident("worst", Severity.P0, 9, 0));
        for (int i = 0; i < 300; i++) {
            now(deliveries, incident("i" + i, i % 2 == 0 ? Severity.P4 : Severity.P2, 10 + i, 0));
        }
        run(deliveries, 300);
        assertThat(told()).startsWith("opened worst P0", "opened i1 P2", "opened i3 P2");
        assertThat(told()).filteredOn(each -> each.endsWith("P2")).hasSize(150);
        assertThat(told()).hasSize(256).last().isEqualTo("opened i298 P4");
    }

    @Test
    void aTestIsSentAtOnceAndItsFailureIsToldToWhoAsked() throws Exception {
        Deliveries deliveries = deliveries();
        deliveries.test();
        assertThat(told()).containsExactly("test test P4");
        failures.add(new Undelivered("nobody answers", false));
        assertThatThrownBy(deliveries::test).hasMessage("nobody answers");
    }
}
