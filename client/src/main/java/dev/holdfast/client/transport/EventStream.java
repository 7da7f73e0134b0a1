package dev.holdfast.client.transport;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events, read one by one. A stream that is silent for too long counts as broken, since a connection whose other
 * end is gone may never say so. One thread reads; any may close.
 */
public final class EventStream implements AutoCloseable {
    /** Far above any event of ours; what is longer is not an event stream. */
    private static final int LONGEST_LINE = 1 << 20;

    /**
     * @param id that of the last event that had one; empty for none
     * @param kind {@code message} when it has none
     */
    public record Event(String id, String kind, String data) {}

    private final InputStream body;
    private final InputStream in;
    private final long silenceNanos;
    private final Time time;
    private final Thread guard;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    private String lastId = "";
    private volatile long heard;
    private volatile boolean silent;
    private volatile boolean closed;

    /**
     * @param body of an answer with status 200 and type {@code text/event-stream}
     * @param silence the longest that nothing at all may come
     */
    public EventStream(InputStream body, Duration silence, Time time) {
        this.body = body;
        this.in = new BufferedInputStream(body);
        this.silenceNanos = silence.toNanos();
        this.time = time;
        this.heard = time.nanos();
        this.guard = time.fork("holdfast-event-guard", this::watchForSilence);
    }

    /** @return null at the end of the stream, or when it was closed */
    public @Nullable Event next() throws IOException {
        String kind = "message";
        StringBuilder data = new StringBuilder();
        boolean any = false;
        try {
            for (String text = line(); text != null; text = line()) {
                if (text.isEmpty()) {
                    if (any) {
                        return new Event(lastId, kind, data.toString());
                    }
                    kind = "message";
                    continue;
                }
                int colon = text.indexOf(':');
                String field = colon < 0 ? text : text.substring(0, colon);
                String value = colon < 0 ? "" : text.substring(colon + 1);
                value = value.startsWith(" ") ? value.substring(1) : value;
                switch (field) {
                    case "event" -> kind = value;
                    case "id" -> lastId = value;
                    case "data" -> {
                        data.append(any ? "\n" : "").append(value);
                        any = true;
                    }
                    default -> {
                        // A comment, or a field that nobody here needs.
                    }
                }
            }
        } catch (IOException broken) {
            if (closed) {
                return null;
            }
            throw silent ? new IOException("the stream has been silent for too long", broken) : broken;
        }
        if (silent) {
            throw new IOException("the stream has been silent for too long");
        }
        return null;
    }

    private @Nullable String line() throws IOException {
        line.reset();
        int next;
        while ((next = in.read()) >= 0 && next != '\n') {
            if (line.size() >= LONGEST_LINE) {
                throw new IOException("a line of more than " + LONGEST_LINE + " bytes");
            }
            line.write(next);
        }
        heard = time.nanos();
        if (next < 0) {
            // What is cut off in the middle of an event is no event.
            return null;
        }
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private void watchForSilence() {
        while (!closed) {
            long left = heard + silenceNanos - time.nanos();
            if (left <= 0) {
                silent = true;
                closeBody();
                return;
            }
            time.park(left);
        }
    }

    private void closeBody() {
        try {
            body.close();
        } catch (IOException _) {
            // It is not needed any more.
        }
    }

    /** A reader that waits gets null. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(guard);
        closeBody();
    }
}
