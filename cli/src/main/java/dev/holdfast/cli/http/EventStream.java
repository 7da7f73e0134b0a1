package dev.holdfast.cli.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events as they arrive. A server that sends nothing for long, heartbeats included, is given up. Belongs to one
 * thread.
 */
public final class EventStream implements AutoCloseable {
    private static final long SILENCE_NANOS = 15_000_000_000L;
    private static final long LOOK_MILLIS = 1_000;

    private final InputStream raw;
    private final BufferedReader in;
    private final AtomicLong heardAt = new AtomicLong(System.nanoTime());
    private final Thread watchdog;

    /** One event. */
    public record Event(String id, String kind, String data) {}

    EventStream(InputStream raw) {
        this.raw = raw;
        this.in = new BufferedReader(new InputStreamReader(raw, StandardCharsets.UTF_8));
        this.watchdog = Thread.ofVirtual().start(this::giveUpWhenSilent);
    }

    private void giveUpWhenSilent() {
        try {
            while (System.nanoTime() - heardAt.get() < SILENCE_NANOS) {
                Thread.sleep(LOOK_MILLIS);
            }
            raw.close();
        } catch (InterruptedException | IOException _) {
            // Closed, one way or the other.
        }
    }

    /** @return the next event; null when the server has ended the stream */
    public @Nullable Event next() throws IOException {
        String id = "";
        String kind = "message";
        StringBuilder data = new StringBuilder();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            heardAt.set(System.nanoTime());
            if (line.isEmpty() && !data.isEmpty()) {
                return new Event(id, kind, data.toString());
            }
            int colon = line.indexOf(':');
            String value = colon < 0 ? "" : line.substring(colon + 1).stripLeading();
            switch (colon < 0 ? line : line.substring(0, colon)) {
                case "id" -> id = value;
                case "event" -> kind = value;
                case "data" -> data.append(value);
                default -> {
                    // Comments, and what later servers may say.
                }
            }
        }
        return null;
    }

    @Override
    public void close() {
        watchdog.interrupt();
        try {
            raw.close();
        } catch (IOException _) {
            // It is given up anyway.
        }
    }
}
