package dev.holdfast.cli.workerskv;

import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an import of a namespace has done, in a file with a line for each key, in the order of keys, so that no more than a line of it is ever
 * held. A pass reads the file of the last whole one and writes a new one, {@code .next}, which replaces it at the end: one that was killed goes
 * on behind its last line. {@code .sent} has the batch on its way: whether that arrived is not known after a kill. No secret is in any of them.
 *
 * <p>Used by one thread.
 */
final class Book implements AutoCloseable {
    private static final String FORMAT = "workers_kv_import";

    private final Path path;
    private final boolean writes;
    private final byte[] header;
    private final String at;
    private final @Nullable BufferedReader before;
    private final @Nullable RandomAccessFile next;
    private final Map<String, String> sent = new HashMap<>();
    private @Nullable Known ahead;
    private String lastKey = "";
    private @Nullable String cursor;
    private boolean resumed;

    private Book(Path path, boolean writes, String of, String at) throws IOException {
        this.path = path;
        this.writes = writes;
        this.at = at;
        this.header = Json.MAPPER.writeValueAsBytes(
                Json.object().put(FORMAT, 1).put("of", of).put("at", at));
        this.before = Files.exists(path) ? Files.newBufferedReader(path) : null;
        this.next = writes ? new RandomAccessFile(beside(".next").toFile(), "rw") : null;
    }

    /** Gives the version at which new keys are written. */
    interface Beginning {
        String at() throws InterruptedException;
    }

    /**
     * @param of what is imported from where to where: a book of anything else is refused
     * @param writes false for a pass that only looks
     * @param beginning asked when there is no book yet
     */
    static Book open(Path path, String of, boolean writes, Beginning beginning)
            throws IOException, InterruptedException {
        JsonNode header = header(path);
        if (header == null) {
            header = header(path.resolveSibling(path.getFileName() + ".next"));
        }
        if (header != null && !Json.text(header, "of", "").equals(of)) {
            throw new Failure(
                    Failure.USAGE,
                    path + " is of another import: of " + Json.text(header, "of", "something else") + ". Name another"
                            + " file with --state.");
        }
        Book book = new Book(path, writes, of, header == null ? beginning.at() : Json.text(header, "at", ""));
        try {
            book.begin();
            return book;
        } catch (IOException | RuntimeException e) {
            book.close();
            throw e;
        }
    }

    private static @Nullable JsonNode header(Path file) throws IOException {
        if (!Files.exists(file)) {
            return null;
        }
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            String first = lines.readLine();
            JsonNode read = first == null || first.isEmpty() ? Json.object() : Json.MAPPER.readTree(first);
            return read.path(FORMAT).asInt(0) == 1 ? read : null;
        } catch (tools.jackson.core.JacksonException cut) {
            return null;
        }
    }

    /** How many keys the last whole pass had; -1 when there was none. */
    long keysBefore() throws IOException {
        if (!Files.exists(path)) {
            return -1;
        }
        long lines = 0;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path), 1 << 16)) {
            for (int one = in.read(); one >= 0; one = in.read()) {
                lines += one == '\n' ? 1 : 0;
            }
        }
        return Math.max(0, lines - 1);
    }

    private void begin() throws IOException {
        if (before != null) {
            before.readLine();
        }
        if (next != null) {
            goOn(next);
        }
        advance();
        while (ahead != null && Known.ORDER.compare(ahead.key(), lastKey) <= 0 && resumed) {
            advance();
        }
    }

    /** Takes in what a pass that was killed has left, and cuts off what is not whole. */
    private void goOn(RandomAccessFile file) throws IOException {
        long kept = 0;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(beside(".next")), 1 << 16)) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int one = in.read(); one >= 0; one = in.read()) {
                if (one != '\n') {
                    line.write(one);
                    continue;
                }
                kept += line.size() + 1;
                take(line.toByteArray());
                line.reset();
            }
        }
        file.setLength(kept);
        file.seek(kept);
        if (kept == 0) {
            file.write(header);
            file.write('\n');
        }
        if (Files.exists(beside(".sent"))) {
            for (String line : Files.readAllLines(beside(".sent"))) {
                Known known = Known.parse(line.getBytes(StandardCharsets.UTF_8));
                if (known != null) {
                    sent.put(known.key(), known.print());
                }
            }
        }
    }

    private void take(byte[] line) {
        Known known = Known.parse(line);
        if (known != null) {
            lastKey = known.key();
            resumed = true;
            return;
        }
        JsonNode read = Json.MAPPER.readTree(line);
        if (read.has("c")) {
            cursor = Json.text(read, "c", "");
            lastKey = Json.text(read, "after", lastKey);
            resumed = true;
        }
    }

    /** The version at which keys are written that were never here. */
    String at() {
        return at;
    }

    /** Whether a pass that was killed is gone on with. */
    boolean resumed() {
        return resumed;
    }

    /** Whether a key was dealt with before the kill. */
    boolean past(String key) {
        return resumed && Known.ORDER.compare(key, lastKey) <= 0;
    }

    /** After the last page that was done before the kill; null for the beginning. */
    @Nullable
    String cursor() {
        return cursor;
    }

    String lastKey() {
        return resumed ? lastKey : "";
    }

    /** What was sent for a key just before the kill, as {@link Known#print}; null for nothing. */
    @Nullable
    String sentBefore(String key) {
        return sent.get(key);
    }

    /** The next key of the last pass; null at the end. */
    @Nullable
    Known peek() {
        return ahead;
    }

    void advance() throws IOException {
        ahead = null;
        while (before != null && ahead == null) {
            String line = before.readLine();
            if (line == null) {
                return;
            }
            ahead = Known.parse(line.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** To be called before a batch is sent. */
    void sending(List<Known> batch) throws IOException {
        if (writes) {
            ByteArrayOutputStream lines = new ByteArrayOutputStream();
            for (Known known : batch) {
                lines.writeBytes(known.line());
                lines.write('\n');
            }
            // One that is cut by a kill was not sent.
            try (OutputStream out = Files.newOutputStream(beside(".sent"))) {
                out.write(lines.toByteArray());
            }
        }
    }

    /** To be called once these are as they say; rising, over all calls. */
    void note(List<Known> done) throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (Known known : done) {
            lines.writeBytes(known.line());
            lines.write('\n');
        }
        append(lines.toByteArray());
    }

    /** All up to here is done. */
    void page(String cursorOfNext, String last) throws IOException {
        ObjectNode line = Json.object().put("c", cursorOfNext).put("after", last);
        append((Json.MAPPER.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private void append(byte[] lines) throws IOException {
        if (next != null) {
            next.write(lines);
        }
    }

    /** The pass is done. */
    void finish() throws IOException {
        if (next != null) {
            next.getFD().sync();
            Files.move(beside(".next"), path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Files.deleteIfExists(beside(".sent"));
        }
    }

    private Path beside(String end) {
        return path.resolveSibling(path.getFileName() + end);
    }

    @Override
    public void close() throws IOException {
        if (before != null) {
            before.close();
        }
        if (next != null) {
            next.close();
        }
    }
}
