package dev.holdfast.server.backup;

import dev.holdfast.server.api.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import tools.jackson.databind.node.ObjectNode;

/**
 * A file of JSON lines that is being written, compressed, a piece at a time. What it is to hold passes {@link #line}, and nothing reaches the
 * disk otherwise: whoever wants backups sealed seals there.
 *
 * <p>Used by one thread.
 */
final class LineFile implements AutoCloseable {
    private static final int PIECE = 1 << 20;

    private final Path path;
    private final FileChannel out;
    private final ByteArrayOutputStream piece = new ByteArrayOutputStream(1 << 16);
    /** Of all lines, before they are compressed. */
    private final MessageDigest text = sha256();
    /** Of the file. */
    private final MessageDigest file = sha256();

    private long bytes;
    private long size;

    LineFile(Path path) throws IOException {
        this.path = path;
        this.out = Folder.create(path);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    void line(ObjectNode line) throws IOException {
        byte[] utf8 = Json.bytes(line);
        text.update(utf8);
        text.update((byte) '\n');
        piece.write(utf8, 0, utf8.length);
        piece.write('\n');
        bytes += utf8.length + 1;
        if (piece.size() >= PIECE) {
            write();
        }
    }

    private void write() throws IOException {
        if (piece.size() == 0) {
            return;
        }
        byte[] member = Members.of(piece.toByteArray());
        piece.reset();
        ByteBuffer buffer = ByteBuffer.wrap(member);
        while (buffer.hasRemaining()) {
            out.write(buffer);
        }
        file.update(member);
        size += member.length;
    }

    /**
     * Makes all lines durable.
     *
     * @throws NoSuchFileException when the file was deleted: what is written to it would be lost with it
     */
    void flush() throws IOException {
        write();
        out.force(false);
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString(), null, "it was deleted while it was written");
        }
    }

    Path path() {
        return path;
    }

    /** Bytes of all lines, before they are compressed. */
    long bytes() {
        return bytes;
    }

    /** Bytes of the file. */
    long size() {
        return size;
    }

    /** The checksum of all lines so far. */
    byte[] textSum() {
        return sum(text);
    }

    /** The checksum of the file so far. */
    byte[] fileSum() {
        return sum(file);
    }

    private static byte[] sum(MessageDigest digest) {
        try {
            return ((MessageDigest) digest.clone()).digest();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
