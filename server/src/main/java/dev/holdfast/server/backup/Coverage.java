package dev.holdfast.server.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * For which moments the archive has all that was acknowledged: for each node that has one, spans of time without a gap. Thread-safe; what a
 * file says that is not written any more is read once.
 */
final class Coverage {
    private final Folder folder;
    private final Map<Path, Known> known = new HashMap<>();

    private record Known(long size, Summary summary) {}

    /** All that was acknowledged between the two moments is there. */
    record Span(long from, long through) {
        boolean covers(long begin, long end) {
            return from <= begin && end <= through;
        }
    }

    Coverage(Folder folder) {
        this.folder = folder;
    }

    /** Has every file read anew. */
    synchronized void forget() {
        known.clear();
    }

    /** What each file says, by node, the oldest first. */
    synchronized SortedMap<String, List<Summary>> summaries() throws IOException {
        SortedMap<String, List<Summary>> all = new TreeMap<>();
        Map<Path, Known> read = new HashMap<>();
        for (Path archive : Folder.list(folder.archives())) {
            List<Summary> files = new ArrayList<>();
            for (Path file : Folder.list(archive)) {
                if (Segment.is(file)) {
                    long size = Files.size(file);
                    Known before = known.get(file);
                    Known now = before != null && before.size() == size ? before : new Known(size, Summary.of(file));
                    read.put(file, now);
                    files.add(now.summary());
                }
            }
            all.put(String.valueOf(archive.getFileName()), files);
        }
        known.clear();
        known.putAll(read);
        return all;
    }

    /** The spans of one node, the oldest first. */
    static List<Span> spans(List<Summary> files) {
        List<Span> spans = new ArrayList<>();
        for (Summary file : files) {
            long from = file.from();
            Span last = spans.isEmpty() ? null : spans.getLast();
            if (last != null && from <= last.through()) {
                spans.removeLast();
                from = last.from();
            }
            for (Summary.Gap gap : file.gaps()) {
                spans.add(new Span(from, Math.max(from, gap.from())));
                from = gap.to();
            }
            spans.add(new Span(from, Math.max(from, file.through())));
        }
        return spans;
    }

    /**
     * What a restore would not know.
     *
     * @param registered the nodes there are now; one that was removed has written nothing since its archive ends. While not all are known, one
     *     may have written of which there is no word
     * @return sentences; none when each node's archive has all from the one moment to the other
     */
    static List<String> holes(SortedMap<String, List<Summary>> nodes, Registered registered, long begin, long end) {
        List<String> holes = new ArrayList<>();
        if (!registered.complete()) {
            holes.add("Nobody can say now which nodes there are, so the archive of one may be missing.");
        }
        for (String node : registered.names()) {
            if (!nodes.containsKey(node)) {
                holes.add("There is no archive of node " + node + ".");
            }
        }
        nodes.forEach((node, files) -> {
            for (Summary file : files) {
                if (file.through() >= begin && file.from() <= end) {
                    file.problem().ifPresent(why -> {
                        if (file.ended()) {
                            holes.add("The archive " + file.file() + " is damaged: " + why + ".");
                        }
                    });
                }
            }
            List<Span> spans = spans(files);
            long last = spans.isEmpty() ? 0 : spans.getLast().through();
            long until = registered.names().contains(node) ? end : Math.min(end, last);
            if (until > begin && spans.stream().noneMatch(span -> span.covers(begin, until))) {
                holes.add("The archive of node " + node + " " + lacks(spans, begin, until) + ".");
            }
        });
        return holes;
    }

    private static String lacks(List<Span> spans, long begin, long end) {
        long at = begin;
        List<String> missing = new ArrayList<>();
        for (Span span : spans) {
            if (span.through() <= at || span.from() >= end) {
                continue;
            }
            if (span.from() > at) {
                missing.add("from " + Instants.text(at) + " to " + Instants.text(span.from()));
            }
            at = Math.max(at, span.through());
        }
        if (at < end) {
            missing.add("from " + Instants.text(at) + " to " + Instants.text(end));
        }
        return "may lack what was written " + String.join(" and ", missing);
    }
}
