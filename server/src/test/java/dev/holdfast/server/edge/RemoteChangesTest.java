package dev.holdfast.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.engine.edge.ChangeStream.Event;
import dev.holdfast.engine.time.ClockBounds;
import dev.holdfast.server.ManualTime;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The feed of an origin that says what the test has it say. */
@Timeout(30)
class RemoteChangesTest {
    private static final long SECOND = 1_000_000_000;
    private static final long BEGIN = 1_000;

    private final AtomicLong now = new AtomicLong(BEGIN);
    private final ManualTime time = new ManualTime() {
        @Override
        public long nanos() {
            return now.get();
        }
    };
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> resumedFrom = new LinkedBlockingQueue<>();
    private volatile int status = 200;
    private HttpServer server;
    private Origins origins;
    private RemoteChanges changes;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/feed", this::feed);
        server.start();
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        origins = new Origins(List.of(url), "edge-1", () -> "secret", null, Duration.ofSeconds(5));
        changes = new RemoteChanges(origins, time);
    }

    @AfterEach
    void stop() {
        changes.close();
        origins.close();
        server.stop(0);
    }

    private void feed(HttpExchange exchange) throws IOException {
        assertThat(exchange.getRequestHeaders().getFirst("Holdfast-Via")).isEqualTo("edge-1");
        String last = exchange.getRequestHeaders().getFirst("Last-Event-ID");
        resumedFrom.add(last == null ? "" : last);
        try (exchange) {
            exchange.sendResponseHeaders(status, status == 200 ? 0 : -1);
            OutputStream out = exchange.getResponseBody();
            while (status == 200) {
                out.write(events.take().getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void says(int sequence, String kind, String data) {
        events.add("id: edge-2.1." + sequence + "\nevent: " + kind + "\ndata: " + data + "\n\n");
    }

    private Event.Heard heard() throws InterruptedException {
        return (Event.Heard) changes.next();
    }

    @Test
    void aHeartbeatThatIsReadLateIsAsOfWhenItWasSent() throws Exception {
        says(1, "heartbeat", "{\"sent_ms\":0}");
        assertThat(heard().asOfNanos()).isEqualTo(BEGIN);
        says(2, "heartbeat", "{\"sent_ms\":1040}");
        now.addAndGet(50 * SECOND);
        assertThat(heard().asOfNanos() - BEGIN).isEqualTo(1_040_000_000);
        says(3, "heartbeat", "{\"sent_ms\":50000,\"behind_ms\":300}");
        assertThat(heard().asOfNanos() - BEGIN).isEqualTo(50 * SECOND - 300_000_000);
    }

    @Test
    void aHeartbeatIsNeverOfLaterThanNowNorOfAnyTimeThatIsNotSaid() throws Exception {
        now.addAndGet(SECOND);
        says(1, "heartbeat", "{\"sent_ms\":7000}");
        assertThat(heard().asOfNanos() - BEGIN).isEqualTo(SECOND);
        now.addAndGet(SECOND);
        says(2, "heartbeat", "{}");
        assertThat(heard().asOfNanos() - BEGIN).isEqualTo(SECOND);
    }

    private void saysAt(int sequence, long sentMillis, long aheadMillis) {
        says(
                sequence,
                "heartbeat",
                "{\"sent_ms\":" + sentMillis + ",\"wall_ms\":" + (time.wallMillis() + aheadMillis) + "}");
    }

    @Test
    void theClockOfTheOriginIsKnownFromItsHeartbeatsHoweverLateTheyAreRead() throws Exception {
        assertThat(changes.clock()).isEmpty();
        saysAt(1, 0, 5_000);
        heard();
        assertThat(changes.clock()).contains(new ClockBounds(5_000, 5_000));
        // It was sent after a second, and lay somewhere for ten.
        time.advance(1_000);
        saysAt(2, 1_000, 5_000);
        time.advance(10_000);
        now.addAndGet(11 * SECOND);
        heard();
        assertThat(changes.clock()).contains(new ClockBounds(5_000, 5_000));
        now.addAndGet(61 * SECOND);
        time.advance(61_000);
        assertThat(changes.clock()).isEmpty();
    }

    @Test
    void aMachineThatWasSuspendedDoesNotTakeTheOriginsClockForOneThatIsBehind() throws Exception {
        says(1, "heartbeat", "{\"sent_ms\":0}");
        heard();
        saysAt(2, 0, 0);
        // The clock that never steps back stands still meanwhile.
        time.advance(3_600_000);
        heard();
        assertThat(changes.clock()).contains(new ClockBounds(-3_600_000, 0));
    }

    @Test
    void aHeartbeatThatIsReadTenSecondsLateIsNotTakenForAClockThatIsOff() throws Exception {
        says(1, "heartbeat", "{\"sent_ms\":0}");
        heard();
        assertThat(changes.clock()).isEmpty();
        saysAt(2, 0, 300);
        time.advance(10_000);
        now.addAndGet(10 * SECOND);
        heard();
        assertThat(changes.clock()).contains(new ClockBounds(-9_700, 300));
        assertThat(changes.clock().orElseThrow().apart()).isFalse();
    }

    @Test
    void aStreamThatHasLastedForLongIsAskedForAgainFromWhereItIs() throws Exception {
        says(1, "heartbeat", "{\"sent_ms\":0}");
        heard();
        assertThat(resumedFrom.take()).isEmpty();
        now.addAndGet(61 * SECOND);
        says(2, "heartbeat", "{\"sent_ms\":60000}");
        assertThat(heard().asOfNanos() - BEGIN).isEqualTo(60 * SECOND);
        Thread next = Thread.startVirtualThread(() -> {
            try {
                changes.next();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(resumedFrom.take()).isEqualTo("edge-2.1.2");
        next.interrupt();
        changes.close();
    }

    @Test
    void itIsToldByWayOfWhomChangesComeAndWhenNoneAreToldForThat() throws Exception {
        says(1, "heartbeat", "{\"sent_ms\":0,\"through\":[\"edge-3\",\"n\"]}");
        assertThat(heard().through()).isEqualTo(Set.of("edge-3", "n"));
        says(1, "end", "{\"code\":\"loop\",\"why\":\"it is so\"}");
        assertThat(changes.next()).isEqualTo(new Event.Refused("it is so"));
        status = 508;
        // The stream above ends behind this.
        says(1, "heartbeat", "{\"sent_ms\":0}");
        Event next = changes.next();
        assertThat(next instanceof Event.Heard ? changes.next() : next).isInstanceOf(Event.Refused.class);
    }
}
