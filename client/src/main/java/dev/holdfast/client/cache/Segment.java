package dev.holdfast.client.cache;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A file that only grows: a head, then entries, each with its length and a checksum. What a crash has left half written is
 * cut off when the file is opened. Not thread-safe.
 *
 * <p>By {@link RandomAccessFile}, because a file channel closes when a thread that uses it is interrupted.
 */
final class Segment implements AutoCloseable {
    static final int OVERHEAD = 8;

    private static final byte[] HEAD = "hfnear01".getBytes(StandardCharsets.US_ASCII);
    private static final String SUFFIX = ".seg";

    private final Path path;
    private final long number;
    private final RandomAccessFile file;
    private long length;

    /** Meets each entry of a segment, in the order they were written. */
    interface Visitor {
        void entry(Segment segment, long offset, int size, byte[] bytes) throws IOException;
    }

    private Segment(Path path, long number, RandomAccessFile file, long length) {
        this.path = path;
        this.number = number;
        this.file = file;
        this.length = length;
    }

    static Segment create(Path folder, long number) throws IOException {
        Path path = folder.resolve("%016d".formatted(number) + SUFFIX);
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        file.setLength(0);
        file.write(HEAD);
        return new Segment(path, number, file, HEAD.length);
    }

    /** @return null when the file is not a segment of this format; it is of no use then */
    static @Nullable Segment open(Path path) throws IOException {
        String name = path.getFileName().toString();
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        byte[] head = new byte[HEAD.length];
        if (name.endsWith(SUFFIX) && file.length() >= HEAD.length) {
            file.readFully(head);
        }
        if (!Arrays.equals(head, HEAD)) {
            file.close();
            return null;
        }
        long number = Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
        return new Segment(path, number, file, file.length());
    }

    static boolean named(Path path) {
        return path.getFileName().toString().matches("\\d{16}\\" + SUFFIX);
    }

    long number() {
        return number;
    }

    long length() {
        return length;
    }

    /** @return where it is */
    long append(byte[] entry) throws IOException {
        ByteBuffer framed = ByteBuffer.allocate(OVERHEAD + entry.length);
        framed.putInt(entry.length).putInt(checksum(entry)).put(entry);
        long offset = length;
        file.seek(offset);
        file.write(framed.array());
        length += framed.capacity();
        return offset;
    }

    /** @return null when what is there is damaged */
    byte @Nullable [] read(long offset) throws IOException {
        file.seek(offset);
        if (length - offset < OVERHEAD) {
            return null;
        }
        int size = file.readInt();
        int checksum = file.readInt();
        if (size < 0 || size > length - offset - OVERHEAD) {
            return null;
        }
        byte[] entry = new byte[size];
        file.readFully(entry);
        return checksum(entry) == checksum ? entry : null;
    }

    /** Meets all entries up to the first damaged one, and cuts the file there. */
    void recover(Visitor visitor) throws IOException {
        long offset = HEAD.length;
        for (byte[] entry = read(offset); entry != null; entry = read(offset)) {
            visitor.entry(this, offset, entry.length + OVERHEAD, entry);
            offset += OVERHEAD + entry.length;
        }
        if (offset < length) {
            file.setLength(offset);
            length = offset;
        }
    }

    void delete() throws IOException {
        file.close();
        Files.deleteIfExists(path);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private static int checksum(byte[] entry) {
        CRC32C crc = new CRC32C();
        crc.update(entry);
        return (int) crc.getValue();
    }
}
