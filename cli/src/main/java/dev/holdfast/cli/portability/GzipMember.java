package dev.holdfast.cli.portability;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.zip.DataFormatException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a compressed file that can be read by itself. A file of many is read like one by everything that reads gzip, and one that
 * was cut can be gone on with after the last whole one.
 */
final class GzipMember {
    /** How each begins. */
    static final byte[] MAGIC = {0x1f, (byte) 0x8b};

    private static final int HEADER = 10;
    private static final int TRAILER = 8;

    private GzipMember() {}

    static byte[] of(byte[] content) throws IOException {
        ByteArrayOutputStream member = new ByteArrayOutputStream(content.length / 4 + 64);
        try (GZIPOutputStream zip = new GZIPOutputStream(member, 1 << 16)) {
            zip.write(content);
        }
        return member.toByteArray();
    }

    /**
     * Reads the member that begins where the file stands, and leaves the file after it.
     *
     * @return null when there is none that is whole
     */
    static byte @Nullable [] read(RandomAccessFile file) throws IOException {
        long begin = file.getFilePointer();
        file.seek(begin + HEADER);
        long length = compressed(file);
        long whole = HEADER + length + TRAILER;
        if (length < 0 || begin + whole > file.length()) {
            return null;
        }
        byte[] member = new byte[Math.toIntExact(whole)];
        file.seek(begin);
        file.readFully(member);
        try (GZIPInputStream zip = new GZIPInputStream(new ByteArrayInputStream(member))) {
            return zip.readAllBytes();
        } catch (IOException damaged) {
            return null;
        }
    }

    /** How long the compressed part is; -1 when it does not come to its end. */
    private static long compressed(RandomAccessFile file) throws IOException {
        byte[] in = new byte[1 << 16];
        byte[] out = new byte[1 << 16];
        try (Inflater inflater = new Inflater(true)) {
            while (!inflater.finished()) {
                if (inflater.needsInput()) {
                    int read = file.read(in);
                    if (read <= 0) {
                        return -1;
                    }
                    inflater.setInput(in, 0, read);
                }
                inflater.inflate(out);
            }
            return inflater.getBytesRead();
        } catch (DataFormatException damaged) {
            return -1;
        }
    }
}
