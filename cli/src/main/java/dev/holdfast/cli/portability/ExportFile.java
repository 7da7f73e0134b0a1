package dev.holdfast.cli.portability;

import dev.holdfast.cli.http.Failure;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where the lines of an export go. In a file they are written in pieces of whole lines, compressed if its name ends with {@code .gz}, so that
 * one that was cut can be gone on with. Used by one thread.
 */
public final class ExportFile implements AutoCloseable {
    private static final int PIECE = 1 << 20;

    private final @Nullable RandomAccessFile file;
    private final OutputStream out;
    private final boolean compressed;
    private final ByteArrayOutputStream piece = new ByteArrayOutputStream();
    private final Sum sum = new Sum();
    private byte[] last = {};
    private boolean whole;

    private ExportFile(@Nullable RandomAccessFile file, OutputStream out, boolean compressed) {
        this.file = file;
        this.out = out;
        this.compressed = compressed;
    }

    /** Plain lines to a stream, which is not closed. */
    public static ExportFile to(OutputStream out) {
        return new ExportFile(null, out, false);
    }

    /**
     * @param resume whether to go on with a file that is there
     * @throws Failure when the file is there and nobody has said so, or is no export
     */
    public static ExportFile open(Path path, boolean resume) throws IOException {
        if (!resume) {
            try {
                Files.createFile(path);
            } catch (FileAlreadyExistsException there) {
                throw new Failure(
                        Failure.USAGE, path + " exists. --resume goes on with it; otherwise name another file.", there);
            }
        }
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        OutputStream out = new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                file.write(one);
            }

            @Override
            public void write(byte[] some, int offset, int length) throws IOException {
                file.write(some, offset, length);
            }
        };
        ExportFile opened = new ExportFile(file, out, path.toString().endsWith(".gz"));
        try {
            opened.goOn(file, path);
            return opened;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Takes in what is there, and cuts off what is not whole. */
    private void goOn(RandomAccessFile file, Path path) throws IOException {
        long kept = 0;
        if (compressed) {
            for (byte[] part = GzipMember.read(file); part != null; part = GzipMember.read(file)) {
                Lines lines = new Lines(new ByteArrayInputStream(part));
                for (byte[] line = lines.next(); line != null; line = lines.next()) {
                    known(line, path);
                }
                kept = file.getFilePointer();
            }
        } else {
            Lines lines = new Lines(Files.newInputStream(path));
            try (lines) {
                for (byte[] line = lines.next(); line != null; line = lines.next()) {
                    known(line, path);
                    kept += line.length + 1;
                }
            }
        }
        if (kept == 0 && !begun(file)) {
            throw new Failure(Failure.USAGE, path + " is no export that could be gone on with.");
        }
        file.setLength(kept);
        file.seek(kept);
    }

    /** Whether what is there, and has not a single whole line, may be the beginning of an export: it is about to be cut off. */
    private boolean begun(RandomAccessFile file) throws IOException {
        byte[] start =
                new byte[(int) Math.min(file.length(), compressed ? GzipMember.MAGIC.length : Line.HEADER.length)];
        file.seek(0);
        file.readFully(start);
        byte[] ours = compressed ? GzipMember.MAGIC : Line.HEADER;
        return Arrays.equals(start, 0, start.length, ours, 0, start.length);
    }

    private void known(byte[] line, Path path) {
        if (last.length == 0 && !Line.isHeader(line)) {
            throw new Failure(Failure.USAGE, path + " is no export: its first line is none of one.");
        }
        last = line;
        whole = Line.isEnd(line);
        if (!whole) {
            sum.add(line);
        }
    }

    /** Whether the export is in it to its last line. */
    public boolean whole() {
        return whole;
    }

    /** Whether there is nothing in it yet. */
    public boolean blank() {
        return last.length == 0;
    }

    /** The last key that it has; empty for none. */
    public String lastKey() {
        return last.length == 0 || Line.isHeader(last) ? "" : Line.key(last);
    }

    public long keys() {
        return sum.keys();
    }

    /** Of the first line or of a key. */
    public void line(byte[] line) throws IOException {
        last = line;
        sum.add(line);
        write(line);
    }

    private void write(byte[] line) throws IOException {
        piece.writeBytes(line);
        piece.write('\n');
        if (piece.size() >= PIECE) {
            flush();
        }
    }

    private void flush() throws IOException {
        byte[] content = piece.toByteArray();
        piece.reset();
        if (content.length > 0) {
            out.write(compressed ? GzipMember.of(content) : content);
        }
    }

    /**
     * Writes the last line, and has all of it on disk.
     *
     * @param confirmed whether providers could vouch for all that was asked for now
     * @return whether they could for all that is in the file
     */
    public boolean end(boolean confirmed) throws IOException {
        if (!confirmed) {
            sum.unconfirmed();
        }
        write(Line.end(sum.keys(), sum.confirmed(), sum.sha256()));
        flush();
        out.flush();
        if (file != null) {
            file.getFD().sync();
        }
        whole = true;
        return sum.confirmed();
    }

    /** Keeps what has come. */
    @Override
    public void close() throws IOException {
        flush();
        out.flush();
        if (file != null) {
            file.close();
        }
    }
}
