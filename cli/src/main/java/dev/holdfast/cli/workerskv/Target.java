package dev.holdfast.cli.workerskv;

import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.http.Reply;
import dev.holdfast.cli.portability.Sending;
import dev.holdfast.client.transport.Percent;
import dev.holdfast.server.workerskv.Content;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes to the namespace here in batches, each again until it is answered, and notes in the book what has become of it. What a batch did before a
 * kill is recognised by its content. Used by one thread.
 */
final class Target {
    private static final int LINES = 1_000;
    private static final int BYTES = 4 << 20;
    private static final String NOTHING = "0000000000000000";

    private final Sending sending;
    private final String path;
    private final boolean overwrite;
    private final boolean dryRun;
    private final Book book;
    private final Tally tally;
    private final List<Known> done = new ArrayList<>();
    private final List<Line> lines = new ArrayList<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    /** @param place of it among those that are done */
    private record Line(int place, Known known, byte[] text, Tally.Fate fate) {}

    /** @param path of the namespace */
    Target(Sending sending, String path, boolean overwrite, boolean dryRun, Book book, Tally tally) {
        this.sending = sending;
        this.path = path;
        this.overwrite = overwrite;
        this.dryRun = dryRun;
        this.book = book;
        this.tally = tally;
    }

    /** What is here stays. */
    void carry(Known known) {
        done.add(known);
    }

    /** @param before what is known of the key; null for nothing */
    void write(String key, Content content, @Nullable Known before) throws IOException, InterruptedException {
        Known known = new Known(key, content.expiration(), Known.checksum(content.metadata()), content.print(), null);
        String replaces = before == null || before.version() == null ? NOTHING : before.version();
        byte[] text = text(key, content, overwrite ? null : replaces);
        if (body.size() + text.length > BYTES) {
            flush();
        }
        lines.add(new Line(done.size(), known, text, before == null ? Tally.Fate.NEW : Tally.Fate.CHANGED));
        done.add(known);
        body.writeBytes(text);
        if (lines.size() >= LINES || body.size() >= BYTES) {
            flush();
        }
    }

    private byte[] text(String key, Content content, @Nullable String replaces) {
        ObjectNode line = Json.object().put("key", key);
        if (replaces != null) {
            line.put("replaces", replaces).put("version", book.at());
        }
        if (content.expiration() != 0) {
            line.put("expiration", content.expiration());
        }
        if (content.metadata().length > 0) {
            line.put("metadata_text", new String(content.metadata(), StandardCharsets.UTF_8));
        }
        try {
            line.put(
                    "value",
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(content.value()))
                            .toString());
        } catch (CharacterCodingException binary) {
            line.put("value_base64", Base64.getEncoder().encodeToString(content.value()));
        }
        return (Json.MAPPER.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Writes what is left, and notes it. */
    void flush() throws IOException, InterruptedException {
        if (!lines.isEmpty()) {
            book.sending(lines.stream().map(Line::known).toList());
            JsonNode versions = put(body.toByteArray()).path("versions");
            for (int i = 0; i < lines.size(); i++) {
                Known known = written(lines.get(i), versions.path(i));
                if (known != null) {
                    done.set(lines.get(i).place(), known);
                }
            }
        }
        long now = System.currentTimeMillis() / 1_000;
        done.removeIf(known -> known.expiration() != 0 && known.expiration() <= now);
        book.note(done);
        done.clear();
        lines.clear();
        body.reset();
    }

    private JsonNode put(byte[] batch) throws InterruptedException {
        Reply reply = sending.answered(
                "PUT",
                path + "/import?versions=true" + (dryRun ? "&dry_run=true" : ""),
                Map.of("Content-Type", "application/x-ndjson"),
                batch);
        return sending.store().require(reply).json();
    }

    private @Nullable Known written(Line line, JsonNode version) throws InterruptedException {
        if (version.isString()) {
            tally.count(line.fate());
            return line.known().at(version.stringValue());
        }
        Known known = line.known();
        if (known.expiration() != 0 && known.expiration() <= System.currentTimeMillis() / 1_000) {
            tally.count(Tally.Fate.EXPIRED);
            return null;
        }
        Here here = here(known.key());
        if (here == null) {
            tally.count(Tally.Fate.KEPT);
            return known;
        }
        if (here.print().equals(known.print())) {
            tally.count(Tally.Fate.SAME);
            return known.at(here.version());
        }
        String sent = book.sentBefore(known.key());
        if (sent != null && sent.equals(here.print())) {
            String again = rewritten(line, here.version());
            tally.count(again == null ? Tally.Fate.KEPT : line.fate());
            return known.at(again);
        }
        tally.count(Tally.Fate.KEPT);
        return known;
    }

    /** Writes a line over what this import has written just before it was killed. */
    private @Nullable String rewritten(Line line, String over) throws InterruptedException {
        ObjectNode text = (ObjectNode) Json.MAPPER.readTree(line.text());
        text.put("replaces", over);
        JsonNode version =
                put(Json.MAPPER.writeValueAsBytes(text)).path("versions").path(0);
        return version.isString() ? version.stringValue() : null;
    }

    private record Here(String version, String print) {}

    private @Nullable Here here(String key) throws InterruptedException {
        Reply reply = sending.answered("GET", valuePath(key) + "?mode=confirmed", Map.of(), new byte[0]);
        if (reply.status() == 404) {
            return null;
        }
        sending.store().require(reply);
        byte[] metadata = reply.utf8Header("holdfast-metadata").orElse("").getBytes(StandardCharsets.UTF_8);
        long expiration = reply.numberHeader("holdfast-expiration").orElse(0);
        String print = new Content(reply.body(), metadata, expiration).print();
        return new Here(reply.header("holdfast-version").orElse(""), print);
    }

    /** @return whether it was at that version; otherwise nothing has happened */
    boolean delete(String key, String version) throws InterruptedException {
        if (dryRun) {
            return true;
        }
        Reply reply =
                sending.answered("DELETE", valuePath(key), Map.of("If-Match", "\"" + version + "\""), new byte[0]);
        if (reply.status() == 412) {
            return false;
        }
        sending.store().require(reply);
        return true;
    }

    private String valuePath(String key) {
        return path + "/values/" + Percent.encode(key);
    }

    /** @return the server's answer to the beginning of an import */
    static JsonNode begin(Sending sending, String path, boolean dryRun) throws InterruptedException {
        Reply reply =
                sending.answered("POST", path + "/import" + (dryRun ? "?dry_run=true" : ""), Map.of(), new byte[0]);
        return sending.store().require(reply).json();
    }
}
