package dev.holdfast.cli.portability;

import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import dev.holdfast.client.transport.Percent;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The lines of an export as they come from a server. One that breaks is gone on with after its last key; the last line of each part is
 * held against what came. Used by one thread.
 */
public final class ExportStream implements AutoCloseable {
    /** Parts without a single key after which it is given up. */
    private static final int TRIES = 8;

    private static final long LONGEST_PAUSE_MILLIS = 8_000;
    /** The server waits for a minute for a provider that is away. */
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(100);

    /**
     * What to ask for.
     *
     * @param path of the namespace
     * @param perSecond keys; 0 for as fast as it goes
     */
    public record Wish(String path, String prefix, boolean values, long perSecond) {}

    private final Api store;
    private final Wish wish;
    private final Consumer<String> remark;
    private Sum part = new Sum();
    private @Nullable Lines lines;
    private String after;
    private byte[] header = {};
    private boolean confirmed = true;
    private int tries;

    /**
     * @param after the key after which to begin; empty for the first
     * @param remark is told of what goes wrong and is tried again
     */
    public ExportStream(Api store, Wish wish, String after, Consumer<String> remark) {
        this.store = store;
        this.wish = wish;
        this.after = after;
        this.remark = remark;
    }

    /** The first line, which begins the export. */
    public byte[] header() throws IOException, InterruptedException {
        while (header.length == 0) {
            open();
        }
        return header;
    }

    /**
     * The line of the next key.
     *
     * @return null when there is no more, and all has come
     * @throws Failure when it cannot be gone on with
     */
    public byte @Nullable [] next() throws IOException, InterruptedException {
        while (true) {
            try {
                Lines open = lines == null ? open() : lines;
                byte[] line = open == null ? null : open.next();
                if (line == null) {
                    again("The export broke off.");
                } else if (Line.isEnd(line)) {
                    if (whole(line)) {
                        return null;
                    }
                    again("The export did not come as it was sent.");
                } else if (Line.isError(line)) {
                    again(Json.text(Line.parsed(line).path("error"), "message", "The server stopped."));
                } else {
                    part.add(line);
                    after = Line.key(line);
                    tries = 0;
                    return line;
                }
            } catch (IOException broken) {
                again(broken.getMessage() == null ? "The connection broke." : broken.getMessage());
            }
        }
    }

    /** Whether providers could vouch for all that has come. */
    public boolean confirmed() {
        return confirmed;
    }

    private boolean whole(byte[] line) {
        JsonNode end = Line.parsed(line).path("end");
        confirmed &= end.path("confirmed").asBoolean(true);
        return end.path("keys").asLong(-1) == part.keys()
                && Json.text(end, "sha256", "").equals(part.sha256());
    }

    private @Nullable Lines open() throws IOException, InterruptedException {
        boolean far = !isLoopback(store.base().getHost());
        Api.Download answer = store.download(path(), far ? Map.of("Accept-Encoding", "gzip") : Map.of());
        InputStream body = answer.body();
        if (body == null) {
            if (answer.reply().status() != 503 && answer.reply().status() != 429) {
                store.require(answer.reply());
            }
            again(answer.reply().problem().message());
            return null;
        }
        InputStream guarded = new Guarded(body);
        boolean zipped = answer.reply().header("content-encoding").orElse("").equals("gzip");
        Lines opened = new Lines(zipped ? new GZIPInputStream(guarded) : guarded);
        byte[] first = opened.next();
        if (first == null || !Line.isHeader(first)) {
            opened.close();
            throw new Failure(Failure.FAILED, "What came is no export; is this a Holdfast server that knows how to?");
        }
        lines = opened;
        part = new Sum();
        part.add(first);
        header = header.length == 0 ? first : header;
        return opened;
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
    }

    private String path() {
        StringBuilder path = new StringBuilder(wish.path()).append("/export?prefix=");
        path.append(Percent.encode(wish.prefix()));
        if (!after.isEmpty()) {
            path.append("&after=").append(Percent.encode(after));
        }
        if (!wish.values()) {
            path.append("&values=false");
        }
        if (wish.perSecond() > 0) {
            path.append("&keys_per_second=").append(wish.perSecond());
        }
        return path.toString();
    }

    private void again(String why) throws InterruptedException {
        closeQuietly();
        if (++tries >= TRIES) {
            throw new Failure(Failure.FAILED, why);
        }
        if (tries == 1) {
            remark.accept(why + " Trying again.");
        }
        Thread.sleep(Math.min(LONGEST_PAUSE_MILLIS, 250L << tries));
    }

    private void closeQuietly() {
        Lines open = lines;
        lines = null;
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException gone) {
            return;
        }
    }

    @Override
    public void close() {
        closeQuietly();
    }

    /** Closes itself when nothing comes for too long: a connection whose other end is gone may never say so. */
    private static final class Guarded extends FilterInputStream {
        private volatile long heard = System.nanoTime();
        private final Thread guard = Thread.ofVirtual().start(this::watch);

        Guarded(InputStream in) {
            super(in);
        }

        private void watch() {
            try {
                for (long left = SILENCE_NANOS; left > 0; left = heard + SILENCE_NANOS - System.nanoTime()) {
                    TimeUnit.NANOSECONDS.sleep(left);
                }
                super.close();
            } catch (InterruptedException | IOException over) {
                return;
            }
        }

        @Override
        public int read() throws IOException {
            int one = super.read();
            heard = System.nanoTime();
            return one;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int many = super.read(buffer, offset, length);
            heard = System.nanoTime();
            return many;
        }

        @Override
        public void close() throws IOException {
            guard.interrupt();
            super.close();
        }
    }
}
