package dev.holdfast.engine.incident.report;

import dev.holdfast.engine.incident.joint.NodeEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * What several nodes have to say of one thing.
 *
 * @param files of the incidents that are taken for it, at least one; each has what its node is called here
 * @param calm those that have no such incident
 * @param unreached those that could not be asked
 * @param version of the program that makes the report
 * @param madeAt when, in milliseconds since the Unix epoch
 */
public record JointFile(List<CaseFile> files, List<Calm> calm, List<Unreached> unreached, String version, long madeAt) {
    public JointFile {
        files = files.stream()
                .sorted(Comparator.comparingLong(
                                (CaseFile file) -> file.incident().openedAt())
                        .thenComparing(CaseFile::node)
                        .thenComparing(file -> file.incident().id()))
                .toList();
    }

    /**
     * A node that was asked, and has noticed nothing of it.
     *
     * @param providers names of those that it uses; none at an edge
     */
    public record Calm(String node, Set<String> providers) {}

    /** @param why it could not be asked */
    public record Unreached(String node, String why) {}

    /** The nodes that noticed it, in the order in which they did. */
    List<String> nodes() {
        return files.stream().map(CaseFile::node).distinct().toList();
    }

    List<NodeEntry> timeline() {
        List<NodeEntry> all = new ArrayList<>();
        for (CaseFile file : files) {
            file.timeline().forEach(entry -> all.add(new NodeEntry(file.node(), entry)));
        }
        return NodeEntry.merged(all);
    }
}
