package dev.holdfast.server.backup;

import dev.holdfast.engine.replication.ChangeLog.Position;
import dev.holdfast.server.api.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HexFormat;
import tools.jackson.databind.node.ObjectNode;

/**
 * The files of a node's archive: a header, changes in the order in which the node's feed told them, marks that say up to when and where all is
 * told, gaps, and a last line with the checksum of all before it, which the file being written does not have yet.
 */
final class Segment {
    static final String HEADER = "holdfast_archive";
    static final String MARK = "mark";
    static final String GAP = "gap";
    static final String END = "end";
    private static final int FORMAT = 1;

    private Segment() {}

    /** Names order as the moments do. */
    static Path file(Path folder, long millis) {
        return folder.resolve(Instants.name(millis) + Folder.LINES);
    }

    static boolean is(Path file) {
        return String.valueOf(file.getFileName()).endsWith(Folder.LINES);
    }

    /**
     * The first line.
     *
     * @param from up to when the file before told everything, or when the archive begins
     * @param after up to where
     */
    static ObjectNode header(String node, long nowMillis, long from, Position after) {
        return Json.object()
                .put(HEADER, FORMAT)
                .put("node", node)
                .put("began", Instant.ofEpochMilli(nowMillis).toString())
                .put("from", from)
                .put("after", after.toString());
    }

    /** All changes that were acknowledged before {@code through} are before this line. */
    static ObjectNode mark(long through, Position position) {
        ObjectNode line = Json.object();
        line.putObject(MARK).put("through", through).put("position", position.toString());
        return line;
    }

    /** Changes that were acknowledged between the two moments may be missing. */
    static ObjectNode gap(long from, long to, String why) {
        ObjectNode line = Json.object();
        line.putObject(GAP).put("from", from).put("to", to).put("why", why);
        return line;
    }

    static ObjectNode end(long changes, byte[] sha256) {
        ObjectNode line = Json.object();
        line.putObject(END).put("changes", changes).put("sha256", HexFormat.of().formatHex(sha256));
        return line;
    }

    /** Cuts off what a crash has left half written, and makes what is left durable. */
    static void cut(Path file, long bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(bytes);
            channel.force(true);
        }
    }

    /** Adds the last line to one that was not ended in order. */
    static void end(Path file, long changes, byte[] sha256) throws IOException {
        byte[] line = (end(changes, sha256) + "\n").getBytes(StandardCharsets.UTF_8);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            ByteBuffer member = ByteBuffer.wrap(Members.of(line));
            while (member.hasRemaining()) {
                channel.write(member);
            }
            channel.force(true);
        }
    }
}
