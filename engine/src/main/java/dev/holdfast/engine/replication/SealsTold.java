package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.time.Time;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * What each node tells the others of the namespaces that it seals, as a record of the store with an id on each line: it knows that they are
 * sealed, has that on its disk, and no write that it began before it knew is under way any more. So once every node has told it, nothing
 * is written in the clear. Thread-safe.
 */
final class SealsTold {
    private static final String PREFIX = "seals/";
    private static final long EVERY_NANOS = 1_000_000_000L;

    private final Parts parts;
    private final Time time;
    private final SystemRecords records;
    private final Nodes nodes;
    private final ReentrantLock telling = new ReentrantLock();
    private Set<NamespaceId> told = Set.of();

    SealsTold(Parts parts, SystemRecords records, Nodes nodes) {
        this.parts = parts;
        this.time = parts.time();
        this.records = records;
        this.nodes = nodes;
    }

    /**
     * What is not known of the other nodes.
     *
     * @param sentence empty when every node seals what is written to the namespace
     * @param soon whether that can be expected to change, since those concerned are running
     */
    record Lacking(String sentence, boolean soon) {
        static final Lacking NOTHING = new Lacking("", false);
    }

    /**
     * Tells the others, if there is news. To be called again and again.
     *
     * @return after how long, in nanoseconds
     */
    long tell() throws InterruptedException {
        telling.lockInterruptibly();
        try {
            Set<NamespaceId> sealed = parts.seals().sealed();
            if (sealed.equals(told)) {
                return EVERY_NANOS;
            }
            long deadline = time.nanos() + 2 * parts.config().writeTimeout().toNanos();
            String text =
                    sealed.stream().map(NamespaceId::toString).sorted().collect(Collectors.joining("\n", "", "\n"));
            if (parts.inFlight().awaitThose(deadline)
                    && records.put(Key.of(PREFIX + parts.node()), text.getBytes(StandardCharsets.UTF_8))) {
                told = sealed;
            }
            return EVERY_NANOS;
        } finally {
            telling.unlock();
        }
    }

    /** Whether every node seals what is written to the namespace, as far as can be read now. */
    Lacking lacking(NamespaceId namespace) {
        Map<String, Set<String>> sealing = new TreeMap<>();
        // The nodes first: one that comes later begins with what the providers have by now.
        Nodes.Listed listed = nodes.list();
        if (!listed.complete() || !read(sealing)) {
            return new Lacking("It cannot be read now which nodes seal what is written to the namespace.", true);
        }
        List<Nodes.View> behind = listed.nodes().stream()
                .filter(node -> !sealing.getOrDefault(node.name(), Set.of()).contains(namespace.toString()))
                .toList();
        if (behind.isEmpty()) {
            return Lacking.NOTHING;
        }
        String names = behind.stream().map(Nodes.View::name).collect(Collectors.joining(", "));
        return new Lacking(
                "It is not known of " + names + " that what is written there is sealed. Do it again once "
                        + (behind.size() == 1 ? "this node" : "each of these nodes")
                        + " runs and reads the catalogue, or remove a node that is gone for good.",
                behind.stream().allMatch(node -> !node.silent()));
    }

    private boolean read(Map<String, Set<String>> sealing) {
        return records.each(PREFIX.getBytes(StandardCharsets.UTF_8), (key, record) -> {
            String ids = new String(record.value(), StandardCharsets.UTF_8);
            sealing.put(key.toString().substring(PREFIX.length()), ids.lines().collect(Collectors.toSet()));
        });
    }
}
