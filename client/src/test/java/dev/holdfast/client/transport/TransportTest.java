package dev.holdfast.client.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.client.ManualTime;
import dev.holdfast.client.ScriptServer;
import dev.holdfast.client.ScriptServer.Reply;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TransportTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Request READ = Request.get("/x?y=z");
    private static final Request WRITE =
            new Request("PUT", "/x", Map.of(), BodyPublishers.ofString("v"), Repeat.IF_REFUSED);
    private static final Request ONCE = new Request("GET", "/x", Map.of(), BodyPublishers.noBody(), Repeat.NEVER);

    private final ManualTime time = new ManualTime();
    private final ScriptServer first = new ScriptServer();
    private final ScriptServer second = new ScriptServer();
    private final Transport both = new Transport(Transport.Config.of(first.url(), second.url()), time);
    private final Transport alone = new Transport(Transport.Config.of(first.url()), time);

    TransportTest() throws IOException {}

    @AfterEach
    void close() {
        both.close();
        alone.close();
        first.close();
        second.close();
    }

    private Response<byte[]> send(Transport transport, Request request) throws Exception {
        return transport.send(request, Deadline.after(time, LONG));
    }

    private FutureTask<Response<byte[]>> later(Transport transport, Request request) {
        FutureTask<Response<byte[]>> task = new FutureTask<>(() -> send(transport, request));
        Thread.ofVirtual().start(task);
        return task;
    }

    private static String text(Response<byte[]> response) {
        return response.status() + " " + new String(response.body(), StandardCharsets.UTF_8);
    }

    private static URI nobody() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }
    }

    @Test
    void sendsWhatItIsGivenToTheFirst() throws Exception {
        assertThat(text(send(both, WRITE.with("Holdfast-Metadata", "1")))).isEqualTo("200 ok");
        ScriptServer.Seen seen = first.arrival();
        assertThat(seen.method() + seen.path() + seen.body()).isEqualTo("PUT/xv");
        assertThat(seen.header("Holdfast-Metadata")).isEqualTo("1");
        assertThat(second.count()).isZero();
    }

    @Test
    void tellsTheServerForHowLongTheAnswerIsWaitedFor() throws Exception {
        send(both, WRITE);
        assertThat(first.arrival().header("Holdfast-Deadline-Ms")).isEqualTo(Long.toString(LONG.toMillis()));
    }

    @Test
    void doesNotTellMoreThanItWasTold() throws Exception {
        send(both, WRITE.with("Holdfast-Deadline-Ms", "7"));
        assertThat(first.arrival().header("Holdfast-Deadline-Ms")).isEqualTo("7");
    }

    @Test
    void aWriteThatWasNotSentGoesToTheNextAndTheDeadOneIsLeftAlone() throws Exception {
        URI dead = nobody();
        try (Transport transport = new Transport(Transport.Config.of(dead, second.url()), time)) {
            assertThat(text(send(transport, WRITE))).isEqualTo("200 ok");
            assertThat(transport.statistics().retries()).isEqualTo(1);
            assertThat(transport.statistics().endpointsDown()).isEqualTo(1);
            send(transport, WRITE);
            send(transport, READ);
            assertThat(transport.statistics().retries()).isEqualTo(1);
        }
    }

    @Test
    void aReadFindsOutThatTheFirstIsBack() throws Exception {
        int port = nobody().getPort();
        URI url = URI.create("http://127.0.0.1:" + port);
        try (Transport transport = new Transport(Transport.Config.of(url, second.url()), time)) {
            send(transport, READ);
            try (ScriptServer back = new ScriptServer(port)) {
                send(transport, READ);
                assertThat(back.count()).isZero();
                time.advance(Duration.ofMillis(500));
                send(transport, WRITE);
                assertThat(back.count())
                        .as("a write takes the one that is well")
                        .isZero();
                send(transport, READ);
                assertThat(back.count()).isEqualTo(1);
                send(transport, WRITE);
                assertThat(back.count()).isEqualTo(2);
            }
        }
    }

    @Test
    void theLastOneIsNeverGivenUp() throws Exception {
        int port = nobody().getPort();
        try (Transport transport = new Transport(Transport.Config.of(URI.create("http://127.0.0.1:" + port)), time)) {
            assertThatThrownBy(() -> transport.send(WRITE, Deadline.after(time, Duration.ofMillis(1))))
                    .isInstanceOf(TransportFailure.Unreachable.class);
            assertThat(transport.promising()).isFalse();
            try (ScriptServer back = new ScriptServer(port)) {
                assertThat(text(send(transport, WRITE))).isEqualTo("200 ok");
                assertThat(back.count()).isEqualTo(1);
                assertThat(transport.promising()).isTrue();
            }
        }
    }

    @Test
    void retryAfterIsHonoured() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        first.answers(seen ->
                calls.incrementAndGet() == 1 ? Reply.of(503, "busy").with("Retry-After", "3") : Reply.of(200, "done"));
        time.random(0);
        FutureTask<Response<byte[]>> answer = later(alone, WRITE);
        time.awaitParked(Duration.ofMillis(2_999), Duration.ofSeconds(3));
        assertThat(first.count()).isEqualTo(1);
        time.advance(Duration.ofSeconds(3));
        assertThat(text(answer.get())).isEqualTo("200 done");
    }

    @Test
    void whoIsToldToWaitPastItsDeadlineIsToldAtOnce() throws Exception {
        first.answers(seen -> Reply.of(503, "busy").with("Retry-After", "11"));
        assertThat(text(send(alone, READ))).isEqualTo("503 busy");
        assertThat(alone.promising()).as("it answers").isTrue();
    }

    @Test
    void anotherEndpointIsAskedWhileOnePauses() throws Exception {
        first.answers(seen -> Reply.of(503, "busy").with("Retry-After", "3"));
        assertThat(text(send(both, WRITE))).isEqualTo("200 ok");
        assertThat(second.count()).isEqualTo(1);
    }

    @Test
    void aWriteThatMayHaveHappenedIsNotSentAgain() throws Exception {
        first.answers(seen -> Reply.of(504, "unknown"));
        assertThat(text(send(both, WRITE))).isEqualTo("504 unknown");
        first.answers(seen -> {
            throw new IllegalStateException("the connection ends without an answer");
        });
        assertThatThrownBy(() -> send(both, WRITE)).isInstanceOf(TransportFailure.Broken.class);
        assertThat(second.count()).isZero();
    }

    @Test
    void aReadThatBreaksIsSentAgain() throws Exception {
        first.answers(seen -> {
            throw new IllegalStateException("the connection ends without an answer");
        });
        assertThat(text(send(both, READ))).isEqualTo("200 ok");
    }

    @Test
    void aReadThatAServerCannotAnswerGoesToTheNext() throws Exception {
        first.answers(seen -> Reply.of(504, "no answer from behind"));
        assertThat(text(send(both, READ))).isEqualTo("200 ok");
        assertThat(first.count())
                .as("the one that answered so is not asked again")
                .isEqualTo(1);
    }

    @Test
    void whatAServerWouldHaveToAskTheAskerForGoesToTheNextAndIsNotAskedThereAgain() throws Exception {
        first.answers(seen -> Reply.of(508, "it asks you"));
        assertThat(text(send(both, WRITE))).isEqualTo("200 ok");
        assertThat(text(send(both, WRITE))).isEqualTo("200 ok");
        assertThat(first.count()).as("it is left alone").isEqualTo(1);
        assertThat(text(send(alone, READ))).isEqualTo("508 it asks you");
        assertThat(first.count()).isEqualTo(2);
    }

    @Test
    void whatMustGoOnceGoesOnce() throws Exception {
        first.answers(seen -> Reply.of(503, "busy"));
        assertThat(text(send(both, ONCE))).isEqualTo("503 busy");
        assertThat(second.count()).isZero();
    }

    @Test
    void aWriteIsLateAtItsDeadlineAndNotBefore() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        first.answers(seen -> Reply.of(200, "").after(never));
        FutureTask<Response<byte[]>> answer = later(both, WRITE);
        first.arrival();
        time.awaitParked(LONG, LONG);
        time.advance(LONG);
        assertThatThrownBy(() -> answer.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(TransportFailure.Late.class);
        assertThat(second.count()).isZero();
        never.countDown();
    }

    @Test
    void aReadGoesToTheNextAfterHalfOfItsTime() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        first.answers(seen -> Reply.of(200, "late").after(never));
        FutureTask<Response<byte[]>> answer = later(both, READ);
        first.arrival();
        time.advanceWhenAwaited(Duration.ofSeconds(5), Duration.ofSeconds(5));
        assertThat(text(answer.get(20, TimeUnit.SECONDS))).isEqualTo("200 ok");
        assertThat(second.count()).isEqualTo(1);
        assertThat(both.statistics().endpointsDown()).isEqualTo(1);
        never.countDown();
    }

    @Test
    void aSlowReadIsHedgedAndTheFirstAnswerTaken() throws Exception {
        for (int i = 0; i < 30; i++) {
            send(both, READ);
        }
        assertThat(second.count()).isZero();
        CountDownLatch never = new CountDownLatch(1);
        first.answers(seen -> Reply.of(200, "late").after(never));
        FutureTask<Response<byte[]>> answer = later(both, READ);
        // They took no time at all, so that anything is slow.
        time.advanceWhenAwaited(Duration.ofNanos(1), Duration.ofMillis(1));
        assertThat(text(answer.get(20, TimeUnit.SECONDS))).isEqualTo("200 ok");
        assertThat(second.count()).isEqualTo(1);
        assertThat(both.statistics().hedges()).isEqualTo(1);
        assertThat(both.statistics().hedgesWon()).isEqualTo(1);
        never.countDown();
    }

    @Test
    void hedgesAreATwentiethOfTheReadsBeyondTheReserve() {
        Budget hedges = new Budget(0.05, 2);
        int granted = 0;
        for (int i = 0; i < 1_000; i++) {
            hedges.earn();
            granted += hedges.spend() ? 1 : 0;
        }
        assertThat(granted).isBetween(50, 52);
    }

    @Test
    void retriesAddATenthOfTheCallsBeyondTheReserve() throws Exception {
        first.answers(seen -> Reply.of(503, "busy"));
        second.answers(seen -> Reply.of(503, "busy"));
        time.random(0);
        for (int i = 0; i < 300; i++) {
            send(both, READ);
        }
        assertThat(both.statistics().retries()).isBetween(35L, 40L);
        assertThat(both.statistics().overBudget()).isBetween(290L, 300L);
    }

    @Test
    void hedgesArePaidForLikeRetriesSoThatBothTogetherAddATenth() throws Exception {
        for (int i = 0; i < 10; i++) {
            assertThat(both.spend(both.retries())).isTrue();
        }
        assertThat(both.spendHedge()).isFalse();
        for (int i = 0; i < 300; i++) {
            send(both, READ);
        }
        // A reserve's worth is saved up again.
        for (int i = 0; i < 2; i++) {
            assertThat(both.spendHedge()).isTrue();
        }
        for (int i = 0; i < 8; i++) {
            assertThat(both.spend(both.retries())).isTrue();
        }
        assertThat(both.spend(both.retries())).isFalse();
    }

    @Test
    void aStreamIsReadAsItComes() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        first.streams((seen, out) -> {
            out.write("one".getBytes(StandardCharsets.UTF_8));
            out.flush();
            read.await();
        });
        Response<java.io.InputStream> opened = both.open(Request.get("/watch"), Deadline.after(time, LONG));
        assertThat(new String(opened.body().readNBytes(3), StandardCharsets.UTF_8))
                .isEqualTo("one");
        read.countDown();
        assertThat(opened.body().read()).isEqualTo(-1);
    }
}
