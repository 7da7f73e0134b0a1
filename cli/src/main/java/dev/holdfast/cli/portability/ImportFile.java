package dev.holdfast.cli.portability;

import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The lines of an export in a file, compressed or not. If the first is that of an export, the last one has to be there, and right. Lines
 * that a person has written need neither. Used by one thread.
 */
public final class ImportFile implements AutoCloseable {
    private final String name;
    private final Lines lines;
    private final Sum sum = new Sum();
    private boolean export;
    private boolean first = true;
    private String sha256 = "";
    private String jurisdiction = "";

    private ImportFile(String name, InputStream in) throws IOException {
        this.name = name;
        BufferedInputStream bytes = new BufferedInputStream(in, 1 << 16);
        bytes.mark(2);
        boolean zipped = bytes.read() == 0x1f && bytes.read() == 0x8b;
        bytes.reset();
        this.lines = new Lines(zipped ? new GZIPInputStream(bytes, 1 << 16) : bytes);
    }

    public static ImportFile open(Path path) throws IOException {
        try {
            return new ImportFile(path.toString(), Files.newInputStream(path));
        } catch (NoSuchFileException missing) {
            throw new Failure(Failure.USAGE, "There is no file " + path + ".", missing);
        }
    }

    public static ImportFile of(InputStream in) throws IOException {
        return new ImportFile("standard input", in);
    }

    /** What a file holds. */
    public record Content(long keys, String sha256) {}

    /** Reads a file to its end, so that one which is cut or damaged is found before anything is written. */
    public static Content check(Path path) throws IOException {
        try (ImportFile file = open(path)) {
            while (file.next() != null) {
                // Counted and summed up on the way.
            }
            return new Content(file.sum.keys(), file.sha256);
        }
    }

    /**
     * The line of the next key.
     *
     * @return null at the end, which is that of the export
     * @throws Failure when it is cut or damaged
     */
    public byte @Nullable [] next() throws IOException {
        while (true) {
            byte[] line = read();
            if (line == null) {
                if (lines.cut() || (export && sha256.isEmpty())) {
                    throw cut(null);
                }
                sha256 = sha256.isEmpty() ? sum.sha256() : sha256;
                return null;
            }
            if (line.length == 0) {
                continue;
            }
            if (first && Line.isHeader(line)) {
                begin(line);
            } else if (Line.isEnd(line)) {
                end(line);
            } else {
                if (!sha256.isEmpty()) {
                    throw new Failure(Failure.FAILED, name + " goes on after its last line.");
                }
                sum.add(line);
                first = false;
                return line;
            }
        }
    }

    /** That of the namespace that was exported, once a line has been read; empty for none. */
    public String jurisdiction() {
        return jurisdiction;
    }

    private byte @Nullable [] read() throws IOException {
        try {
            return lines.next();
        } catch (EOFException | ZipException broken) {
            throw cut(broken);
        }
    }

    private void begin(byte[] line) {
        first = false;
        export = true;
        sum.add(line);
        JsonNode header = Line.parsed(line);
        jurisdiction = Json.text(header.path("namespace"), "jurisdiction", "");
        if (header.path("holdfast_export").asInt(0) != 1) {
            throw new Failure(
                    Failure.FAILED, name + " is of format " + header.path("holdfast_export") + "; this knows 1.");
        }
        if (!header.path("values").asBoolean(true)) {
            throw new Failure(Failure.FAILED, name + " has no values: it was exported without.");
        }
    }

    private void end(byte[] line) {
        JsonNode end = Line.parsed(line).path("end");
        sha256 = sum.sha256();
        if (export && !Json.text(end, "sha256", "").equals(sha256)) {
            throw new Failure(
                    Failure.FAILED,
                    name + " is damaged: its last line is of "
                            + end.path("keys").asLong(0) + " keys with another checksum than the " + sum.keys()
                            + " before it.");
        }
    }

    private Failure cut(@Nullable Throwable found) {
        return new Failure(
                Failure.FAILED,
                name + " is cut after " + sum.keys()
                        + " keys: its last line is missing. holdfast export --resume goes on with it.",
                found);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
