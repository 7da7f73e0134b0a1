package dev.holdfast.cli.portability;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads lines, one at a time. Used by one thread. */
final class Lines implements AutoCloseable {
    /** Above what a value of 25 MiB makes in base64. */
    private static final int LONGEST = 64 << 20;

    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private int at;
    private int end;
    private boolean cut;

    Lines(InputStream in) {
        this.in = in;
    }

    /** @return without its end; null at the end, also when that comes in the middle of a line */
    byte @Nullable [] next() throws IOException {
        ByteArrayOutputStream begun = null;
        while (true) {
            int from = at;
            while (at < end && buffer[at] != '\n') {
                at++;
            }
            if (at < end) {
                byte[] rest = Arrays.copyOfRange(buffer, from, at++);
                if (begun == null) {
                    return rest;
                }
                begun.writeBytes(rest);
                return begun.toByteArray();
            }
            if (begun == null) {
                begun = new ByteArrayOutputStream();
            }
            begun.write(buffer, from, end - from);
            if (begun.size() > LONGEST) {
                throw new IOException("a line is longer than " + (LONGEST >> 20) + " MiB");
            }
            at = 0;
            end = in.read(buffer);
            if (end < 0) {
                end = 0;
                cut = begun.size() > 0;
                return null;
            }
        }
    }

    /** Whether the end came in the middle of a line. */
    boolean cut() {
        return cut;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
