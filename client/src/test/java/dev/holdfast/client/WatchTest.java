package dev.holdfast.client;

import static dev.holdfast.client.NamespaceTest.V1;
import static dev.holdfast.client.NamespaceTest.V2;
import static dev.holdfast.client.NamespaceTest.found;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WatchTest {
    private final ManualTime time = new ManualTime();
    private final ScriptServer server = new ScriptServer();
    private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final CountDownLatch end = new CountDownLatch(1);

    WatchTest() throws IOException {
        server.streams((seen, out) -> {
            out.flush();
            for (String next = lines.take(); !next.equals("cut"); next = lines.take()) {
                write(out, next);
            }
        });
    }

    @AfterEach
    void close() {
        end.countDown();
        server.close();
    }

    private Holdfast.Builder builder() {
        return Holdfast.builder().endpoint(server.url()).time(time);
    }

    private Holdfast following() throws IOException {
        return builder()
                .nearCache(1 << 20)
                .refreshAfter(Duration.ofHours(1))
                .followChanges()
                .build();
    }

    /** Once it hears of changes. */
    private Namespace followed(Holdfast client) throws Exception {
        Namespace notes = client.namespace("n");
        server.arrival();
        lines.add(event("a.1.1", "heartbeat", "{}"));
        until(() -> client.statistics().gaps() == 1);
        return notes;
    }

    private static void write(OutputStream out, String event) throws IOException {
        out.write(event.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static String event(String id, String type, String data) {
        return "id: " + id + "\nevent: " + type + "\ndata: " + data + "\n\n";
    }

    private static String change(String id, String key, String version, String more) {
        return event(id, "change", "{\"key\":\"" + key + "\",\"version\":\"" + version + "\"" + more + "}");
    }

    private static void until(BooleanSupplier holds) {
        while (!holds.getAsBoolean()) {
            assertThat(Thread.currentThread().isInterrupted()).as("out of time").isFalse();
            Thread.onSpinWait();
        }
    }

    @Test
    void tellsWhatHappensAndGoesOnAfterALostConnection() throws Exception {
        try (Holdfast client = builder().build();
                Watch watch = client.namespace("n").watch("p/")) {
            lines.add(event("a.1.1", "heartbeat", "{}"));
            lines.add(change("a.1.2", "p/k", V1, ",\"deleted\":false,\"size\":1,\"value\":\"v\",\"metadata\":[1]"));
            lines.add(event("a.1.2", "something new", "{}"));
            lines.add("cut");
            Iterator<WatchEvent> events = watch.iterator();
            WatchEvent.Change first = (WatchEvent.Change) events.next();
            assertThat(first.key() + first.version() + first.value().text() + first.metadata())
                    .isEqualTo("p/k" + V1 + "v[1]");
            assertThat(server.arrival().path()).isEqualTo("/v1/namespaces/n/watch?prefix=p%2F");
            FutureTask<WatchEvent> next = new FutureTask<>(events::next);
            Thread.ofVirtual().start(next);
            time.advanceWhenAwaited(Duration.ofMillis(1), Duration.ofMillis(100));
            assertThat(server.arrival().header("Last-Event-ID")).isEqualTo("a.1.2");
            lines.add(change("a.1.3", "p/k", V2, ",\"deleted\":true"));
            WatchEvent.Change second = (WatchEvent.Change) next.get(20, TimeUnit.SECONDS);
            assertThat(second.deleted()).isTrue();
            assertThat(second.value()).isNull();
            lines.add(event("b.1.9", "gap", "{\"why\":\"too far back\"}"));
            assertThat(events.next()).isEqualTo(new WatchEvent.Gap("b.1.9", "too far back"));
            assertThat(watch.position()).isEqualTo("b.1.9");
        }
        lines.add("cut");
    }

    @Test
    void goesOnFromWhereAnotherStopped() throws Exception {
        try (Holdfast client = builder().build();
                Watch watch = client.namespace("n").watch("", "a.1.7")) {
            lines.add(change("a.1.8", "k", V1, ",\"deleted\":true"));
            watch.iterator().next();
            assertThat(server.arrival().header("Last-Event-ID")).isEqualTo("a.1.7");
        }
        lines.add("cut");
    }

    @Test
    void aConnectionLostBeforeItsFirstPositionIsAGap() throws Exception {
        try (Holdfast client = builder().build();
                Watch watch = client.namespace("n").watch("")) {
            lines.add("cut");
            FutureTask<WatchEvent> next =
                    new FutureTask<>(() -> watch.iterator().next());
            Thread.ofVirtual().start(next);
            time.advanceWhenAwaited(Duration.ofMillis(1), Duration.ofMillis(100));
            assertThat(next.get(20, TimeUnit.SECONDS)).isInstanceOf(WatchEvent.Gap.class);
        }
        lines.add("cut");
    }

    @Test
    void closingEndsIt() throws Exception {
        try (Holdfast client = builder().build()) {
            Watch watch = client.namespace("n").watch("");
            FutureTask<Boolean> more = new FutureTask<>(() -> watch.iterator().hasNext());
            Thread.ofVirtual().start(more);
            server.arrival();
            watch.close();
            assertThat(more.get(20, TimeUnit.SECONDS)).isFalse();
        }
        lines.add("cut");
    }

    @Test
    void aListenerIsToldAndItsFailureToo() throws Exception {
        LinkedBlockingQueue<RuntimeException> failures = new LinkedBlockingQueue<>();
        try (Holdfast client = builder().build()) {
            client.namespace("n")
                    .watch(
                            "",
                            "",
                            told -> {
                                throw new IllegalStateException("enough");
                            },
                            failures::add);
            lines.add(change("a.1.2", "k", V1, ",\"deleted\":true"));
            assertThat(failures.poll(20, TimeUnit.SECONDS)).hasMessage("enough");
        }
        lines.add("cut");
    }

    @Test
    void theNearCacheFollows() throws Exception {
        try (Holdfast client = following()) {
            server.answers(seen -> found(V1, "old"));
            Namespace notes = followed(client);
            notes.get("k");
            notes.get("k");
            notes.get("large");
            notes.get("gone");
            assertThat(server.count()).isEqualTo(4);
            lines.add(change("a.1.2", "k", V2, ",\"deleted\":false,\"value\":\"new\""));
            lines.add(change("a.1.3", "large", V2, ",\"deleted\":false"));
            lines.add(change("a.1.4", "gone", V2, ",\"deleted\":true"));
            lines.add(change("a.1.5", "never read", V2, ",\"deleted\":false,\"value\":\"new\""));
            until(() -> client.statistics().changes() == 4);
            server.answers(seen -> found(V2, "asked again"));
            assertThat(notes.getText("k")).hasValue("new");
            assertThat(notes.getText("gone")).isEmpty();
            assertThat(server.count()).isEqualTo(4);
            assertThat(notes.getText("large")).hasValue("asked again");
            assertThat(notes.getText("never read")).hasValue("asked again");
            assertThat(server.count()).isEqualTo(6);
            lines.add(event("a.2.1", "gap", "{\"why\":\"restart\"}"));
            until(() -> client.statistics().gaps() == 2);
            notes.get("k");
            assertThat(server.count()).isEqualTo(7);
        }
        lines.add("cut");
    }

    /** Found in simulated worlds: many changes that had been missed were told, and each was called the newest as of then. */
    @Test
    void aChangeToldLateIsAsOldAsTheLastMomentAtWhichAllWasHeard() throws Exception {
        try (Holdfast client = following()) {
            server.answers(seen -> found(V1, "old"));
            Namespace notes = followed(client);
            time.advance(Duration.ofSeconds(1));
            notes.get("k");
            time.advance(Duration.ofSeconds(3));
            lines.add(change("a.1.2", "k", V2, ",\"deleted\":false,\"value\":\"new\""));
            until(() -> client.statistics().changes() == 1);
            Answer answer = notes.get("k");
            assertThat(answer.text()).hasValue("new");
            assertThat(answer.freshness().age())
                    .as("since the server was asked")
                    .isEqualTo(Duration.ofSeconds(3));
        }
        lines.add("cut");
    }

    @Test
    void aHeartbeatThatIsReadLateIsAsOfWhenItWasSent() throws Exception {
        try (Holdfast client = following()) {
            server.answers(seen -> found(V1, "old"));
            Namespace notes = followed(client);
            notes.get("k");
            time.advance(Duration.ofSeconds(4));
            lines.add(event("a.1.1", "heartbeat", "{\"sent_ms\":1000}"));
            lines.add(change("a.1.2", "k", V2, ",\"deleted\":false,\"value\":\"new\""));
            until(() -> client.statistics().changes() == 1);
            Answer answer = notes.get("k");
            assertThat(answer.text()).hasValue("new");
            assertThat(answer.freshness().age()).isEqualTo(Duration.ofSeconds(3));
        }
        lines.add("cut");
    }

    @Test
    void anAnswerThatAChangeOvertakesIsAskedForAgain() throws Exception {
        try (Holdfast client = following()) {
            Namespace notes = followed(client);
            CountDownLatch gate = new CountDownLatch(1);
            server.answers(seen -> found(V1, "old").after(gate));
            FutureTask<Answer> read = new FutureTask<>(() -> notes.get("k"));
            Thread.ofVirtual().start(read);
            server.arrival();
            lines.add(change("a.1.2", "k", V2, ",\"deleted\":false"));
            until(() -> client.statistics().changes() == 1);
            gate.countDown();
            read.get();
            server.answers(seen -> found(V2, "new"));
            assertThat(notes.getText("k")).hasValue("new");
        }
        lines.add("cut");
    }

    @Test
    void aServerThatWillNotHaveItEndsIt() throws Exception {
        ScriptServer without = new ScriptServer();
        try (without;
                Holdfast client =
                        Holdfast.builder().endpoint(without.url()).time(time).build()) {
            without.answers(seen -> ScriptServer.Reply.error(404, "not-found"));
            without.noWatch();
            try (Watch watch = client.namespace("n").watch("")) {
                assertThatThrownBy(() -> watch.iterator().next()).isInstanceOf(HoldfastException.Refused.class);
            }
        }
    }
}
