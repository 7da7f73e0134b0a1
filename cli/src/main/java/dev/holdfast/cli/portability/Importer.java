package dev.holdfast.cli.portability;

import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.http.Reply;
import dev.holdfast.client.transport.Percent;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Sends lines to a namespace in batches, each again until it is answered, which is safe. Used by one thread. */
public final class Importer {
    private static final int LINES = 1_000;
    private static final int BYTES = 4 << 20;

    private final Sending sending;
    private final String path;
    private final String query;
    private final long perSecond;
    private final ByteArrayOutputStream batch = new ByteArrayOutputStream();
    private final long began = System.nanoTime();
    private int lines;
    private long sent;
    private Counts counts;

    /**
     * What has become of lines.
     *
     * @param lines that were sent and answered
     */
    public record Counts(long lines, long kept, long restamped, long skipped, long expired) {
        public static final Counts NONE = new Counts(0, 0, 0, 0, 0);

        static Counts read(JsonNode from) {
            return new Counts(
                    from.path("lines").asLong(0),
                    from.path("kept").asLong(0),
                    from.path("restamped").asLong(0),
                    from.path("skipped").asLong(0),
                    from.path("expired").asLong(0));
        }

        Counts plus(Counts more) {
            return new Counts(
                    lines + more.lines,
                    kept + more.kept,
                    restamped + more.restamped,
                    skipped + more.skipped,
                    expired + more.expired);
        }
    }

    /**
     * How to import.
     *
     * @param onConflict {@code overwrite}, {@code skip} or {@code newer}
     * @param perSecond keys; 0 for as fast as it goes
     */
    public record Wish(String path, String onConflict, boolean dryRun, long perSecond) {}

    /**
     * @param id of the import, if versions are kept
     * @param before what an earlier process has done of it
     */
    public Importer(Api store, Wish wish, @Nullable String id, Counts before, Consumer<String> remark) {
        this.sending = new Sending(store, remark);
        this.path = wish.path() + "/import";
        this.query = "?on_conflict=" + wish.onConflict() + (wish.dryRun() ? "&dry_run=true" : "")
                + (id == null ? "" : "&import=" + Percent.encode(id));
        this.perSecond = wish.perSecond();
        this.counts = before;
    }

    /** Begins one. @return the server's answer: {@code import} and {@code keeps_versions} */
    public static JsonNode begin(Api store, Wish wish) {
        Reply reply =
                store.send("POST", wish.path() + "/import" + (wish.dryRun() ? "?dry_run=true" : ""), Json.object());
        return store.require(reply).json();
    }

    /** Ends one. All is written: if the server cannot say so now, its note of the import goes by itself in the end. */
    public static void end(Api store, Wish wish, @Nullable String id) {
        if (id != null) {
            store.delete(wish.path() + "/import?import=" + Percent.encode(id));
        }
    }

    /** Ends one that somebody else may have begun. @return the server's answer: {@code ended}, whether it was under way */
    public static JsonNode abandon(Api store, String path, String id) {
        return store.require(store.delete(path + "/import?import=" + Percent.encode(id)))
                .json();
    }

    /**
     * Takes a line, and sends those that have come together if they are enough.
     *
     * @return whether they were sent
     */
    public boolean add(byte[] line) throws InterruptedException {
        boolean full = lines > 0 && batch.size() + line.length > BYTES;
        if (full) {
            send();
        }
        batch.writeBytes(line);
        batch.write('\n');
        lines++;
        if (lines >= LINES || batch.size() >= BYTES) {
            send();
            return true;
        }
        return full;
    }

    /** Sends what is left. */
    public void send() throws InterruptedException {
        if (lines == 0) {
            return;
        }
        JsonNode answer = answered(batch.toByteArray());
        counts = counts.plus(Counts.read(answer));
        sent += lines;
        batch.reset();
        lines = 0;
        if (perSecond > 0) {
            long due = began + sent * 1_000_000_000L / perSecond;
            TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
        }
    }

    public Counts counts() {
        return counts;
    }

    private JsonNode answered(byte[] body) throws InterruptedException {
        Reply reply = sending.answered("PUT", path + query, Map.of("Content-Type", "application/x-ndjson"), body);
        return sending.store().require(reply).json();
    }
}
