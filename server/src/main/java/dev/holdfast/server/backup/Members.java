package dev.holdfast.server.backup;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file of gzip members, each of which was written by itself and holds whole lines. All that reads gzip reads such a file as one, and
 * after a crash all that was durable is still there, before what was cut. Used by one thread.
 */
final class Members implements AutoCloseable {
    private static final int HEADER = 10;
    private static final int TRAILER = 8;
    private static final int PIECE = 1 << 16;

    private final FileChannel in;
    private final byte[] read = new byte[PIECE];
    private final byte[] out = new byte[PIECE];
    private long at;
    private boolean damaged;

    Members(Path file) throws IOException {
        this.in = FileChannel.open(file, StandardOpenOption.READ);
    }

    static byte[] of(byte[] content) throws IOException {
        ByteArrayOutputStream member = new ByteArrayOutputStream(content.length / 4 + 64);
        try (OutputStream zip = new Fast(member)) {
            zip.write(content);
        }
        return member.toByteArray();
    }

    /** Changes come as fast as they are written: at this level they take a quarter of the time and a third more room. */
    private static final class Fast extends GZIPOutputStream {
        Fast(OutputStream out) throws IOException {
            super(out, PIECE);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    /** What the next member holds; null at the end, and before one that is cut or damaged. */
    byte @Nullable [] next() throws IOException {
        if (at >= in.size()) {
            return null;
        }
        ByteArrayOutputStream content = new ByteArrayOutputStream(PIECE);
        long length = member(content);
        if (length < 0) {
            damaged = true;
            return null;
        }
        at += length;
        return content.toByteArray();
    }

    /** Up to which byte of the file all is well. */
    long at() {
        return at;
    }

    /** Whether it could not be read to its end. */
    boolean damaged() {
        return damaged;
    }

    /** @return how long the member is that begins here; -1 when it is not whole */
    private long member(ByteArrayOutputStream content) throws IOException {
        byte[] header = new byte[HEADER];
        boolean begins =
                fill(header, at, HEADER) == HEADER && header[0] == 0x1f && header[1] == (byte) 0x8b && header[3] == 0;
        if (!begins) {
            return -1;
        }
        CRC32 sum = new CRC32();
        long next = at + HEADER;
        try (Inflater inflater = new Inflater(true)) {
            while (!inflater.finished()) {
                if (inflater.needsInput()) {
                    int more = fill(read, next, read.length);
                    if (more <= 0) {
                        return -1;
                    }
                    next += more;
                    inflater.setInput(read, 0, more);
                }
                int count = inflater.inflate(out);
                sum.update(out, 0, count);
                content.write(out, 0, count);
            }
            long compressed = inflater.getBytesRead();
            byte[] trailer = new byte[TRAILER];
            if (fill(trailer, at + HEADER + compressed, TRAILER) < TRAILER) {
                return -1;
            }
            int stored = ByteBuffer.wrap(trailer).order(ByteOrder.LITTLE_ENDIAN).getInt();
            return stored == (int) sum.getValue() ? HEADER + compressed + TRAILER : -1;
        } catch (DataFormatException wrong) {
            return -1;
        }
    }

    private int fill(byte[] into, long from, int most) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(into, 0, most);
        while (buffer.hasRemaining() && in.read(buffer, from + buffer.position()) >= 0) {
            // As much as there is.
        }
        return buffer.position();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
