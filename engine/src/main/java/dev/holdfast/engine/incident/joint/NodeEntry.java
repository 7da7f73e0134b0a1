package dev.holdfast.engine.incident.joint;

import dev.holdfast.engine.incident.TimelineEntry;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** A line of the timeline of a node among several. */
public record NodeEntry(String node, TimelineEntry entry) {
    /**
     * One timeline, the oldest first. Lines of one node and one moment stay in their order. A node puts what it does on the timeline of
     * each incident that is open, and here that is one line.
     */
    public static List<NodeEntry> merged(Collection<NodeEntry> all) {
        return all.stream()
                .distinct()
                .sorted(Comparator.comparingLong((NodeEntry each) -> each.entry.at())
                        .thenComparing(NodeEntry::node))
                .toList();
    }
}
