package dev.holdfast.client.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.client.ManualTime;
import dev.holdfast.client.ScriptServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EventStreamTest {
    private static final Duration SILENCE = Duration.ofSeconds(5);

    private final ManualTime time = new ManualTime();

    private List<EventStream.Event> read(String text) throws IOException {
        List<EventStream.Event> events = new ArrayList<>();
        InputStream body = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        try (EventStream stream = new EventStream(body, SILENCE, time)) {
            for (EventStream.Event event = stream.next(); event != null; event = stream.next()) {
                events.add(event);
            }
        }
        return events;
    }

    @Test
    void readsWhatTheStandardSays() throws IOException {
        assertThat(read(": hello\n\n"
                        + "id: 1\n"
                        + "event: change\n"
                        + "data: {\"a\":\n"
                        + "data: \"é\"}\n\n"
                        + "data:x\r\n\r\n"
                        + "event: none\n\n"
                        + "data\n\n"))
                .containsExactly(
                        new EventStream.Event("1", "change", "{\"a\":\n\"é\"}"),
                        new EventStream.Event("1", "message", "x"),
                        new EventStream.Event("1", "message", ""));
    }

    @Test
    void anEventThatIsCutOffIsNone() throws IOException {
        assertThat(read("data: whole\n\ndata: half")).hasSize(1);
        assertThat(read("data: whole\n\ndata: half\n")).hasSize(1);
    }

    @Test
    void whatIsNoEventStreamIsRefused() {
        assertThatThrownBy(() -> read("x".repeat(2 << 20))).isInstanceOf(IOException.class);
    }

    @Test
    void silenceBreaksIt() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (ScriptServer server = new ScriptServer();
                Transport transport = new Transport(Transport.Config.of(server.url()), time)) {
            server.streams((seen, out) -> {
                out.write("data: 1\n\n".getBytes(StandardCharsets.UTF_8));
                out.flush();
                never.await();
            });
            Response<InputStream> opened =
                    transport.open(Request.get("/watch"), Deadline.after(time, Duration.ofSeconds(9)));
            try (EventStream stream = new EventStream(opened.body(), SILENCE, time)) {
                assertThat(stream.next()).isNotNull();
                FutureTask<EventStream.Event> second = new FutureTask<>(stream::next);
                Thread.ofVirtual().start(second);
                time.advanceWhenAwaited(SILENCE, SILENCE);
                assertThatThrownBy(second::get).hasMessageContaining("silent");
            }
            never.countDown();
        }
    }

    @Test
    void closingEndsTheReading() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (ScriptServer server = new ScriptServer();
                Transport transport = new Transport(Transport.Config.of(server.url()), time)) {
            server.streams((seen, out) -> {
                out.flush();
                never.await();
            });
            Response<InputStream> opened =
                    transport.open(Request.get("/watch"), Deadline.after(time, Duration.ofSeconds(9)));
            EventStream stream = new EventStream(opened.body(), SILENCE, time);
            FutureTask<EventStream.Event> read = new FutureTask<>(stream::next);
            Thread.ofVirtual().start(read);
            stream.close();
            assertThat(read.get()).isNull();
            never.countDown();
        }
    }
}
