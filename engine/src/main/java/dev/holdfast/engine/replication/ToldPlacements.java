package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What each node tells the others that it does with each provider, as a record of the store: a line for each, its name and a word, which is
 * that of its {@link Role}, or {@link #COMPLETE}. Belongs to {@link Placement}, under whose lock it is called; who reads {@link #strangers}
 * needs none.
 */
final class ToldPlacements {
    /** Of one that joins, and holds all that the node that says so has ever given to the others. */
    static final String COMPLETE = "complete";

    private static final String PREFIX = "placement/";

    private final Parts parts;
    private final SystemRecords records;
    private final Nodes nodes;
    private String last = "";
    private volatile List<String> strangers = List.of();

    ToldPlacements(Parts parts, SystemRecords records, Nodes nodes) {
        this.parts = parts;
        this.records = records;
        this.nodes = nodes;
    }

    /**
     * Tells the others, if anything has changed.
     *
     * @param instead words for some providers that are not so yet
     * @return whether they can read it
     */
    boolean tell(Map<String, String> instead) throws LocalStoreFault {
        Map<String, String> words = new TreeMap<>();
        for (String name : parts.memory().withRoles()) {
            words.put(name, parts.memory().role(name).label());
        }
        for (Member member : parts.members().all()) {
            words.putIfAbsent(member.name(), Role.SERVING.label());
            if (member.health.complete() && Role.JOINING.label().equals(words.get(member.name()))) {
                words.put(member.name(), COMPLETE);
            }
        }
        words.putAll(instead);
        StringBuilder text = new StringBuilder();
        words.forEach((name, word) -> text.append(name).append(' ').append(word).append('\n'));
        if (text.toString().equals(last)) {
            return true;
        }
        boolean kept =
                records.put(Key.of(PREFIX + parts.node()), text.toString().getBytes(StandardCharsets.UTF_8));
        last = kept ? text.toString() : "";
        return kept;
    }

    /**
     * A sentence about other nodes of which none of these words is known for a provider; empty when there are none.
     *
     * @param what they have to do, in words
     */
    Optional<String> others(String name, Set<String> wanted, String what) {
        Nodes.Listed listed = nodes.list();
        Map<String, Map<String, String>> told = new TreeMap<>();
        if (!read(told) || !listed.complete()) {
            return Optional.of(
                    "What the other nodes do with provider " + name + " cannot be read now. Try again later.");
        }
        List<String> behind = listed.nodes().stream()
                .filter(node -> !node.self())
                .map(Nodes.View::name)
                .filter(node ->
                        !wanted.contains(told.getOrDefault(node, Map.of()).getOrDefault(name, "")))
                .toList();
        return behind.isEmpty()
                ? Optional.empty()
                : Optional.of("Every node has to " + what + " first, which is not known of "
                        + String.join(", ", behind)
                        + ". Do the same there, or remove a node that is gone for good.");
    }

    /** Looks whether the others write to all that this node reads from. */
    void look() {
        Map<String, Map<String, String>> told = new TreeMap<>();
        if (read(told)) {
            List<Nodes.View> others = nodes.list().nodes().stream()
                    .filter(node -> !node.self() && told.containsKey(node.name()))
                    .toList();
            strangers = parts.members().where(Health::current).stream()
                    .flatMap(member -> others.stream()
                            .filter(node ->
                                    !told.getOrDefault(node.name(), Map.of()).containsKey(member.name()))
                            .map(node -> "Node " + node.name() + " does not write to provider " + member.name()
                                    + ", from which this node reads."))
                    .toList();
        }
    }

    /** Sentences about nodes that do not write to a provider that this one reads from, as of the last look. */
    List<String> strangers() {
        return strangers;
    }

    private boolean read(Map<String, Map<String, String>> told) {
        return records.each(PREFIX.getBytes(StandardCharsets.UTF_8), (key, record) -> {
            Map<String, String> words = new TreeMap<>();
            new String(record.value(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split(" ", 2))
                    .filter(parts -> parts.length == 2)
                    .forEach(parts -> words.put(parts[0], parts[1]));
            told.put(key.toString().substring(PREFIX.length()), words);
        });
    }
}
