package dev.holdfast.simulation.check;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.simulation.history.History;
import dev.holdfast.simulation.history.NearRead;
import dev.holdfast.simulation.history.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Picks from a history what a person needs to understand one event. */
public final class Story {
    private static final int LINES = 24;

    private record Line(long nanos, String words) {}

    private Story() {}

    /** The last calls on the operation's key and the last incidents before its end, in order. */
    static List<String> around(History history, Operation operation) {
        List<String> story = new ArrayList<>(before(history, operation.key(), operation.end()));
        story.add("this call: " + operation);
        return story;
    }

    static List<String> around(History history, NearRead read) {
        List<String> story = new ArrayList<>(before(history, read.key(), read.end()));
        story.add("this read: " + read);
        return story;
    }

    /** The last calls on a key and the last incidents before a place in the history, in order. */
    public static List<String> before(History history, Key key, int end) {
        List<Line> lines = new ArrayList<>();
        history.operations().stream()
                .filter(other -> other.key().equals(key) && other.kind() != Operation.Kind.LIST && other.begin() <= end)
                .forEach(other -> lines.add(new Line(other.beginNanos(), other.toString())));
        history.nearReads().stream()
                .filter(read -> read.key().equals(key) && read.begin() <= end)
                .forEach(read -> lines.add(new Line(read.beginNanos(), read.toString())));
        lines.sort(Comparator.comparingLong(Line::nanos));
        keepLast(lines);
        List<Line> incidents = new ArrayList<>();
        history.incidents().stream()
                .filter(incident -> incident.at() <= end)
                .forEach(incident -> incidents.add(new Line(incident.nanos(), incident.toString())));
        keepLast(incidents);
        lines.addAll(incidents);
        lines.sort(Comparator.comparingLong(Line::nanos));
        return lines.stream().map(Line::words).toList();
    }

    private static void keepLast(List<Line> lines) {
        if (lines.size() > LINES) {
            lines.subList(0, lines.size() - LINES).clear();
        }
    }
}
