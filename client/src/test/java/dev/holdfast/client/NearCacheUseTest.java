package dev.holdfast.client;

import static dev.holdfast.client.NamespaceTest.RECEIPT;
import static dev.holdfast.client.NamespaceTest.V1;
import static dev.holdfast.client.NamespaceTest.V2;
import static dev.holdfast.client.NamespaceTest.absent;
import static dev.holdfast.client.NamespaceTest.found;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.client.ScriptServer.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class NearCacheUseTest {
    private static final Duration TTL = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final ManualTime time = new ManualTime();
    private final ScriptServer server = new ScriptServer();
    private final List<Holdfast> clients = new ArrayList<>();

    NearCacheUseTest() throws IOException {}

    @AfterEach
    void close() {
        clients.forEach(Holdfast::close);
        server.close();
    }

    private Holdfast.Builder builder() {
        return Holdfast.builder().endpoint(server.url()).time(time);
    }

    private Namespace notes(Holdfast.Builder builder) {
        Holdfast client = builder.build();
        clients.add(client);
        return client.namespace("n");
    }

    private Namespace inMemory() {
        return notes(builder().nearCache(1 << 20));
    }

    private static String seen(Answer answer) {
        Freshness freshness = answer.freshness();
        return answer.text().orElse("absent") + " " + freshness.source() + " "
                + freshness.age().toSeconds() + "s" + (freshness.lastKnownGood() ? " last known good" : "");
    }

    private <T> FutureTask<T> later(java.util.concurrent.Callable<T> task) {
        FutureTask<T> future = new FutureTask<>(task);
        Thread.ofVirtual().start(future);
        return future;
    }

    @Test
    void whatIsCurrentIsNotAskedFor() {
        Namespace notes = inMemory();
        server.answers(request -> found(V1, "v").with("Age", "10"));
        assertThat(seen(notes.get("k"))).isEqualTo("v SERVER 10s");
        time.advance(Duration.ofSeconds(49));
        assertThat(seen(notes.get("k"))).isEqualTo("v MEMORY 59s");
        assertThat(server.count()).isEqualTo(1);
        time.advance(Duration.ofSeconds(1));
        server.answers(request -> request.header("If-None-Match").equals("\"" + V1 + "\"")
                ? Reply.of(304, "").with("Holdfast-Version", V1)
                : Reply.of(500, ""));
        assertThat(seen(notes.get("k"))).isEqualTo("v SERVER 0s");
        assertThat(seen(notes.get("k"))).isEqualTo("v MEMORY 0s");
        assertThat(server.count()).isEqualTo(2);
        notes.get("k", ReadMode.NEAR);
        server.answers(request -> found(V2, "w"));
        assertThat(seen(notes.get("k", ReadMode.CONFIRMED))).isEqualTo("w SERVER 0s");
        assertThat(seen(notes.get("k"))).isEqualTo("w MEMORY 0s");
    }

    @Test
    void thatAServerKnowsOfNoChangeIsNoAnswerForWhoLearnedOfOneMeanwhile() {
        Namespace notes = inMemory();
        server.answers(request -> found(V1, "v"));
        notes.get("k");
        time.advance(TTL);
        server.answers(request -> {
            if (request.path().contains("mode=confirmed")) {
                return found(V2, "w");
            }
            assertThat(notes.get("k", ReadMode.CONFIRMED).text()).contains("w");
            return Reply.of(304, "").with("Holdfast-Version", V1).with("Age", "1");
        });
        assertThat(notes.get("k").text()).contains("w");
        assertThat(notes.get("k").text()).contains("w");
    }

    @Test
    void anAbsenceIsKeptToo() {
        Namespace notes = inMemory();
        server.answers(request -> absent());
        notes.get("k");
        assertThat(seen(notes.get("k"))).isEqualTo("absent MEMORY 0s");
        server.answers(request -> Reply.of(200, RECEIPT));
        notes.put("k", "v");
        assertThat(seen(notes.get("k"))).isEqualTo("v MEMORY 0s");
        notes.delete("k");
        assertThat(seen(notes.get("k"))).isEqualTo("absent MEMORY 0s");
    }

    @Test
    void inAnOutageTheLastKnownGoodIsAnsweredAsFarAsThePolicyGoes() {
        Namespace notes = notes(builder().nearCache(1 << 20).onOutage(OnOutage.stale(Duration.ofHours(1))));
        server.answers(request -> found(V1, "v"));
        notes.get("k");
        time.advance(TTL);
        server.close();
        assertThat(seen(notes.get("k"))).isEqualTo("v MEMORY 60s last known good");
        time.advance(Duration.ofMinutes(59));
        assertThat(seen(notes.get("k"))).isEqualTo("v MEMORY 3600s last known good");
        time.advance(Duration.ofMillis(1));
        assertThatThrownBy(() -> notes.within(Duration.ofMillis(1)).get("k"))
                .isInstanceOf(HoldfastException.Unavailable.class);
        assertThat(clients.getFirst().statistics().lastKnownGood()).isEqualTo(2);
    }

    @Test
    void aRefusalBecauseTheStoreCannotIsAnOutageAndOneBecauseWeMayNotIsNot() {
        Namespace notes = inMemory();
        server.answers(request -> found(V1, "v"));
        notes.get("k");
        time.advance(TTL);
        server.answers(request -> Reply.error(503, "no-provider").with("Retry-After", "5"));
        assertThat(seen(notes.get("k"))).isEqualTo("v MEMORY 60s last known good");
        server.answers(request -> Reply.error(401, "unauthenticated"));
        assertThatThrownBy(() -> notes.get("k")).isInstanceOf(HoldfastException.Refused.class);
    }

    @Test
    void closedMeansClosed() {
        Namespace notes = notes(builder().nearCache(1 << 20).onOutage(OnOutage.closed()));
        server.answers(request -> found(V1, "v"));
        notes.get("k");
        time.advance(TTL);
        server.answers(request -> Reply.error(503, "no-provider").with("Retry-After", "50"));
        assertThatThrownBy(() -> notes.get("k")).isInstanceOf(HoldfastException.Unavailable.class);
    }

    @Test
    void anExpiredKeyIsNeverAnsweredNotEvenInAnOutage() {
        Namespace notes = inMemory();
        long now = time.wallMillis() / 1000;
        server.answers(request -> found(V1, "v").with("Holdfast-Expiration", Long.toString(now + 90)));
        notes.get("k");
        time.advance(Duration.ofSeconds(89));
        server.answers(request -> Reply.error(503, "no-provider").with("Retry-After", "50"));
        assertThat(notes.getText("k")).hasValue("v");
        time.advance(Duration.ofSeconds(1));
        assertThatThrownBy(() -> notes.get("k")).isInstanceOf(HoldfastException.Unavailable.class);
    }

    @Test
    void aSilentServerIsWaitedForASecondByWhoHasSomethingInHand() throws Exception {
        Namespace notes = inMemory();
        server.answers(request -> found(V1, "v"));
        notes.get("k");
        server.arrival();
        time.advance(TTL);
        CountDownLatch never = new CountDownLatch(1);
        server.answers(request -> found(V2, "w").after(never));
        FutureTask<Answer> answer = later(() -> notes.get("k"));
        server.arrival();
        time.advanceWhenAwaited(Duration.ofMillis(500), Duration.ofMillis(500));
        time.advanceWhenAwaited(Duration.ofMillis(500), Duration.ofMillis(500));
        assertThat(seen(answer.get(20, TimeUnit.SECONDS))).isEqualTo("v MEMORY 61s last known good");
        assertThat(seen(notes.get("k"))).as("at once, and nobody is asked").isEqualTo("v MEMORY 61s last known good");
        never.countDown();
    }

    @Test
    void oneQuestionAnswersAllWhoWait() throws Exception {
        Namespace notes = inMemory();
        CountDownLatch gate = new CountDownLatch(1);
        server.answers(request -> found(V1, "v").after(gate));
        FutureTask<Answer> first = later(() -> notes.get("k"));
        server.arrival();
        List<FutureTask<Answer>> others = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            others.add(later(() -> notes.get("k")));
        }
        while (clients.getFirst().statistics().shared() < 50) {
            Thread.onSpinWait();
        }
        gate.countDown();
        assertThat(first.get().text()).hasValue("v");
        for (FutureTask<Answer> other : others) {
            assertThat(other.get().text()).hasValue("v");
        }
        assertThat(server.count()).isEqualTo(1);
    }

    @Test
    void whoReadsAfterAWriteNeverGetsAnAnswerFromBeforeIt() throws Exception {
        // Too large to be kept, so that only the versions tell.
        Namespace notes = notes(builder().nearCache(4_000));
        String large = "x".repeat(3_000);
        CountDownLatch gate = new CountDownLatch(1);
        server.answers(request -> found(V1, "old").after(gate));
        FutureTask<Answer> before = later(() -> notes.get("k"));
        server.arrival();
        server.answers(request -> request.method().equals("PUT") ? Reply.of(200, RECEIPT) : found(V2, large));
        notes.put("k", large);
        assertThat(notes.getText("k"))
                .as("did not join the question from before")
                .hasValue(large);
        gate.countDown();
        before.get();
        assertThat(notes.getText("k")).as("the old answer was not kept").hasValue(large);
    }

    @Test
    void afterAWriteOfUnknownEndTheServerIsAsked() {
        Namespace notes = inMemory();
        server.answers(request -> found(V1, "v"));
        notes.get("k");
        server.answers(request -> request.method().equals("PUT") ? Reply.error(504, "unknown") : found(V2, "w"));
        assertThatThrownBy(() -> notes.put("k", "w")).isInstanceOf(HoldfastException.UnknownOutcome.class);
        assertThat(notes.getText("k")).hasValue("w");
    }

    @Test
    void aClientThatIsStartedInAnOutageAnswersWhatItKnew() {
        Namespace notes = notes(builder().nearCache(folder.resolve("near"), 1 << 20));
        server.answers(request -> request.method().equals("PUT") ? Reply.of(200, RECEIPT) : found(V1, "v"));
        notes.get("read");
        notes.put("written", "w");
        clients.removeFirst().close();
        server.close();
        time.advance(Duration.ofDays(1));
        Namespace again = notes(builder().nearCache(folder.resolve("near"), 1 << 20));
        assertThat(seen(again.get("read"))).isEqualTo("v DISK 86400s last known good");
        assertThat(seen(again.get("written"))).isEqualTo("w DISK 86400s last known good");
        assertThat(seen(again.get("written"))).isEqualTo("w MEMORY 86400s last known good");
        assertThatThrownBy(() -> again.within(Duration.ofMillis(1)).get("never"))
                .isInstanceOf(HoldfastException.Unavailable.class);
    }

    @Test
    void anAbsenceThatNobodyVouchesForEndsWhatItIsNewerThan() {
        Namespace notes = inMemory();
        server.answers(request -> found(V1, "v"));
        notes.get("k");
        time.advance(TTL);
        server.answers(request -> unconfirmedAbsence().with("Holdfast-Absent-As-Of", V2, "Age", "600"));
        Answer answer = notes.get("k");
        assertThat(seen(answer)).isEqualTo("absent SERVER 600s");
        assertThat(answer.freshness().confirmed()).isFalse();
        server.close();
        assertThat(seen(notes.get("k"))).isEqualTo("absent MEMORY 600s last known good");
    }

    @Test
    void anAbsenceThatProvesNothingLeavesTheLastKnownGoodAsFarAsThePolicyGoes() {
        Namespace notes = notes(builder().nearCache(1 << 20).onOutage(OnOutage.stale(Duration.ofHours(1))));
        server.answers(request -> found(V2, "v"));
        notes.get("k");
        time.advance(TTL);
        server.answers(request -> unconfirmedAbsence().with("Holdfast-Absent-As-Of", V1));
        assertThat(seen(notes.get("k"))).isEqualTo("v MEMORY 60s last known good");
        server.answers(request -> unconfirmedAbsence());
        assertThat(seen(notes.get("k"))).isEqualTo("v MEMORY 60s last known good");
        server.answers(request -> absent().with("Holdfast-Absent-As-Of", V1));
        assertThat(seen(notes.get("k"))).isEqualTo("v MEMORY 60s last known good");
        assertThat(seen(notes.get("k", ReadMode.CONFIRMED))).isEqualTo("absent SERVER 0s");
        time.advance(Duration.ofHours(1));
        assertThatThrownBy(() -> notes.within(Duration.ofMillis(100)).get("k"))
                .isInstanceOf(HoldfastException.Unavailable.class);
    }

    private static Reply unconfirmedAbsence() {
        return Reply.error(404, "key-not-found").with("Holdfast-Confirmed", "false");
    }

    @Test
    void oneFolderOneClient() {
        notes(builder().nearCache(folder, 1 << 20));
        assertThatThrownBy(() -> builder().nearCache(folder, 1 << 20).build())
                .hasMessageContaining("used by another client");
    }
}
