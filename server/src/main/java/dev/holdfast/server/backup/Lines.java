package dev.holdfast.server.backup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads the lines of a file one after the other. Used by one thread. */
final class Lines implements AutoCloseable {
    private final Path file;
    private final Members members;
    private byte[] member = {};
    private int begin;

    Lines(Path file) throws IOException {
        this.file = file;
        this.members = new Members(file);
    }

    /** The next line without its end; null when there is none that is whole. */
    byte @Nullable [] next() throws IOException {
        while (begin >= member.length) {
            byte[] more = members.next();
            if (more == null) {
                return null;
            }
            member = more;
            begin = 0;
        }
        int end = end(member, begin);
        byte[] line = Arrays.copyOfRange(member, begin, end);
        begin = end + 1;
        return line;
    }

    /** Where the line that begins there ends. */
    static int end(byte[] content, int begin) {
        int end = begin;
        while (end < content.length && content[end] != '\n') {
            end++;
        }
        return end;
    }

    /** How a line begins whose first field is this one. */
    static byte[] begin(String field) {
        return ("{\"" + field + "\"").getBytes(StandardCharsets.UTF_8);
    }

    /** Whether the line that begins there begins so. */
    static boolean begins(byte[] content, int at, byte[] with) {
        return content.length - at >= with.length && Arrays.equals(content, at, at + with.length, with, 0, with.length);
    }

    /** Up to which byte of the file members were read. */
    long at() {
        return members.at();
    }

    /** @throws IOException when the file could not be read to its end */
    void requireWhole() throws IOException {
        if (members.damaged()) {
            throw new IOException(file + " is cut or damaged at byte " + members.at());
        }
    }

    @Override
    public void close() throws IOException {
        members.close();
    }
}
