package dev.holdfast.server.v1;

import dev.holdfast.server.api.Json;
import dev.holdfast.server.http.AnswerStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.GZIPOutputStream;
import tools.jackson.databind.node.ObjectNode;

/** The text of one export on its way out: lines, counted and summed up, in pieces, compressed or not. Used by one thread. */
final class Export {
    private static final int PIECE = 256 * 1024;

    private final AnswerStream stream;
    private final ByteArrayOutputStream piece = new ByteArrayOutputStream();
    private final OutputStream out;
    private final MessageDigest sum = sha256();
    private long keys;
    private boolean confirmed = true;
    private long written;

    Export(AnswerStream stream, boolean compressed) throws IOException {
        this.stream = stream;
        this.out = compressed ? new GZIPOutputStream(piece, PIECE, true) : piece;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    void line(ObjectNode line) throws IOException, InterruptedException {
        byte[] text = Json.bytes(line);
        sum.update(text);
        sum.update((byte) '\n');
        out.write(text);
        out.write('\n');
        written += text.length;
        if (written >= PIECE) {
            flush();
        }
    }

    void key(ObjectNode line, boolean isConfirmed) throws IOException, InterruptedException {
        keys++;
        confirmed &= isConfirmed;
        line(isConfirmed ? line : line.put("confirmed", false));
    }

    /** @return how many keys there have been */
    long keys() {
        return keys;
    }

    /** What is listed by nobody who can vouch for it may lack keys. */
    void unconfirmed() {
        confirmed = false;
    }

    void end() throws IOException, InterruptedException {
        line(ExportLine.end(keys, confirmed, sum.digest()));
        finish();
    }

    /** Ends it without the last line, so that everybody sees that it is cut. */
    void fail(ObjectNode error) throws IOException, InterruptedException {
        line(error);
        finish();
    }

    private void finish() throws IOException, InterruptedException {
        if (out instanceof GZIPOutputStream zip) {
            zip.finish();
        }
        send();
    }

    void flush() throws IOException, InterruptedException {
        out.flush();
        send();
    }

    private void send() throws IOException, InterruptedException {
        if (piece.size() > 0) {
            stream.write(piece.toByteArray());
            piece.reset();
        }
        written = 0;
    }
}
