package dev.holdfast.server.backup;

import dev.holdfast.engine.replication.ChangeLog.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What a file of the archive says of itself.
 *
 * @param from everything that was acknowledged from then on
 * @param through up to then is in it, gaps aside; {@code from} when it has no mark
 * @param after where in the feed it begins
 * @param position up to where it is whole
 * @param whole up to which byte it can be read
 * @param ended whether it has a last line
 * @param problem what is wrong with it; empty for nothing
 * @param textSum of all lines but the last
 */
record Summary(
        Path file,
        String node,
        long from,
        long through,
        Position after,
        Position position,
        List<Gap> gaps,
        long changes,
        long whole,
        boolean ended,
        Optional<String> problem,
        byte[] textSum) {
    private static final byte[] BEGIN_MARK = Lines.begin(Segment.MARK);
    private static final byte[] BEGIN_GAP = Lines.begin(Segment.GAP);
    private static final byte[] BEGIN_END = Lines.begin(Segment.END);

    /** Changes that were acknowledged between the two moments may be missing. */
    record Gap(long from, long to, String why) {}

    /** Reads a file; most lines are only counted and summed up. */
    static Summary of(Path file) throws IOException {
        Reading reading = new Reading();
        try (Members members = new Members(file)) {
            for (byte[] content = members.next(); content != null; content = members.next()) {
                reading.all(content);
            }
            return reading.done(file, members);
        }
    }

    /** @throws IOException when it is no position */
    static Position place(JsonNode text) throws IOException {
        try {
            return Position.parse(text.asString(""));
        } catch (IllegalArgumentException wrong) {
            throw new IOException(wrong.getMessage(), wrong);
        }
    }

    private static final class Reading {
        private final MessageDigest sum = LineFile.sha256();
        private final List<Gap> gaps = new ArrayList<>();
        private String node = "";
        private long from;
        private long through;
        private Position after = new Position(0, 0);
        private Position position = after;
        private long changes;
        private long lines;
        private Optional<String> problem = Optional.empty();
        private boolean ended;

        void all(byte[] content) throws IOException {
            for (int begin = 0; begin < content.length; ) {
                int end = Lines.end(content, begin);
                line(content, begin, end);
                begin = end + 1;
            }
        }

        private void line(byte[] content, int begin, int end) throws IOException {
            if (Lines.begins(content, begin, BEGIN_END)) {
                ended = true;
                JsonNode said = Line.parse(content, begin, end - begin).path(Segment.END);
                String is = HexFormat.of().formatHex(digest());
                if (!said.path("sha256").asString("").equals(is)) {
                    problem = Optional.of("the checksum in its last line is not that of its lines");
                }
                return;
            }
            sum.update(content, begin, Math.min(end + 1, content.length) - begin);
            if (lines++ == 0) {
                JsonNode header = Line.parse(content, begin, end - begin);
                node = header.path("node").asString("");
                from = header.path("from").asLong(0);
                through = from;
                after = place(header.path("after"));
                position = after;
            } else if (Lines.begins(content, begin, BEGIN_MARK)) {
                JsonNode mark = Line.parse(content, begin, end - begin).path(Segment.MARK);
                through = Math.max(through, mark.path("through").asLong(0));
                position = place(mark.path("position"));
            } else if (Lines.begins(content, begin, BEGIN_GAP)) {
                JsonNode gap = Line.parse(content, begin, end - begin).path(Segment.GAP);
                gaps.add(new Gap(
                        gap.path("from").asLong(0),
                        gap.path("to").asLong(0),
                        gap.path("why").asString("")));
            } else {
                changes++;
            }
        }

        private byte[] digest() {
            try {
                return ((MessageDigest) sum.clone()).digest();
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException(e);
            }
        }

        Summary done(Path file, Members members) {
            if (problem.isEmpty() && members.damaged()) {
                problem = Optional.of("it is cut or damaged at byte " + members.at());
            }
            if (problem.isEmpty() && lines == 0) {
                problem = Optional.of("it is empty");
            }
            return new Summary(
                    file,
                    node,
                    from,
                    through,
                    after,
                    position,
                    List.copyOf(gaps),
                    changes,
                    members.at(),
                    ended,
                    problem,
                    digest());
        }
    }
}
