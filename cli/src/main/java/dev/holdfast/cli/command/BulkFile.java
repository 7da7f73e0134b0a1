package dev.holdfast.cli.command;

import dev.holdfast.cli.Shell;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;

/** A file of many items, read one at a time: a JSON array, or JSON lines. */
final class BulkFile implements AutoCloseable {
    private final Path file;
    private final Counting bytes;
    private final MappingIterator<JsonNode> items;
    private final long size;
    private long read;

    private BulkFile(Path file, Counting bytes, long size) {
        this.file = file;
        this.bytes = bytes;
        this.size = size;
        this.items = Json.MAPPER.readerFor(JsonNode.class).readValues(bytes);
    }

    /** @param file {@code -} for standard input */
    static BulkFile open(Shell shell, Path file) throws IOException {
        if (file.toString().equals("-")) {
            return new BulkFile(Path.of("standard input"), new Counting(shell.in()), -1);
        }
        try {
            return new BulkFile(file, new Counting(Files.newInputStream(file)), Files.size(file));
        } catch (NoSuchFileException missing) {
            throw new Failure(Failure.USAGE, "There is no file " + file + ".", missing);
        } catch (JacksonException notJson) {
            throw malformed(file, 1, notJson);
        }
    }

    boolean hasNext() {
        try {
            return items.hasNextValue();
        } catch (JacksonException notJson) {
            throw malformed(file, read + 1, notJson);
        }
    }

    JsonNode next() {
        try {
            read++;
            return items.nextValue();
        } catch (JacksonException notJson) {
            throw malformed(file, read, notJson);
        }
    }

    Failure refused(String why) {
        return new Failure(Failure.FAILED, file + ", item " + read + ": " + why);
    }

    /** In bytes; negative when it is not known. */
    long size() {
        return size;
    }

    long position() {
        return bytes.count;
    }

    @Override
    public void close() throws IOException {
        items.close();
        bytes.close();
    }

    private static Failure malformed(Path file, long item, JacksonException notJson) {
        String place = notJson.getLocation() == null
                ? ""
                : ", line " + notJson.getLocation().getLineNr();
        return new Failure(
                Failure.FAILED,
                file + ", item " + item + place + ": not JSON: " + notJson.getOriginalMessage(),
                notJson);
    }

    private static final class Counting extends FilterInputStream {
        private long count;

        Counting(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int one = super.read();
            count += one < 0 ? 0 : 1;
            return one;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int many = super.read(buffer, offset, length);
            count += Math.max(0, many);
            return many;
        }
    }
}
