package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The nodes over the same providers, as the system namespace has them: {@code node/name} holds the version below which the node
 * has no hint left, {@code dirty/provider/name} whether it has hints for a provider, and {@code node/name/removed} says that it
 * was removed, for ever. Thread-safe.
 */
final class Registry {
    private static final String NODE = "node/";
    private static final String REMOVED = "/removed";

    private final SystemRecords records;
    private final RegistryScan scan;

    /** @param records by which it is written */
    Registry(SystemRecords records, RegistryScan scan) {
        this.records = records;
        this.scan = scan;
    }

    /**
     * One node's registration.
     *
     * @param published when it was last published, by that node's clock
     * @param watermark no hint of the node is older
     * @param stamps by which its versions are told from those of others, of this start and the next
     * @param clocks what it says of its clock and those of others
     */
    record Registration(Version published, Version watermark, Set<Integer> stamps, ClockTalk clocks) {
        private static final String BETWEEN = " ";

        static String text(Version watermark, Set<Integer> stamps, ClockTalk clocks) {
            StringBuilder text = new StringBuilder(watermark.toString());
            stamps.stream().sorted().forEach(stamp -> text.append(BETWEEN).append(stamp));
            return text.append(clocks.any() ? BETWEEN + clocks.text() : "").toString();
        }

        /** One that names no stamps was written before nodes had two. */
        static Registration of(Record record) {
            String[] parts = new String(record.value(), StandardCharsets.UTF_8).split(BETWEEN, -1);
            Set<Integer> stamps = new TreeSet<>();
            stamps.add(record.version().stamp());
            List<String> clocks = new ArrayList<>();
            for (int i = 1; i < parts.length; i++) {
                if (ClockTalk.has(parts[i])) {
                    clocks.add(parts[i]);
                } else {
                    stamps.add(Integer.parseInt(parts[i]));
                }
            }
            return new Registration(record.version(), Version.parse(parts[0]), stamps, ClockTalk.of(clocks));
        }
    }

    /**
     * All that was found.
     *
     * @param nodes by name, without the removed ones
     * @param marks the providers for which a node holds hints, by the name of the node, with the version of the mark; also of removed
     *     ones
     * @param takenBack the marks that were taken back
     * @param complete whether a provider whose word counts has given all it has
     */
    record Snapshot(
            SortedMap<String, Registration> nodes,
            SortedMap<String, SortedMap<String, Version>> marks,
            SortedMap<String, SortedMap<String, Version>> takenBack,
            Set<String> removed,
            boolean complete) {

        /** Nobody could be asked. */
        static final Snapshot NOTHING =
                new Snapshot(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), Set.of(), false);

        Set<String> marksOf(String node) {
            return marks.getOrDefault(node, new TreeMap<>()).keySet();
        }
    }

    static Key key(String node) {
        return Key.of(NODE + node);
    }

    static Key removedKey(String node) {
        return Key.of(NODE + node + REMOVED);
    }

    /** The stamps that other nodes use, as far as they can be read now. */
    static Set<Integer> stamps(RegistryScan scan, String except) throws InterruptedException {
        Set<Integer> stamps = new TreeSet<>();
        scan.each(utf8(NODE), (key, record) -> {
            if (!key.equals(key(except)) && !key.toString().endsWith(REMOVED)) {
                stamps.addAll(Registration.of(record).stamps());
            }
        });
        return stamps;
    }

    void publish(String node, Version watermark, Set<Integer> stamps, ClockTalk clocks) {
        records.put(key(node), utf8(Registration.text(watermark, stamps, clocks)));
    }

    Snapshot read() throws InterruptedException {
        SortedMap<String, Registration> nodes = new TreeMap<>();
        Set<String> removed = new TreeSet<>();
        boolean complete = scan.each(utf8(NODE), (key, record) -> {
            String name = key.toString().substring(NODE.length());
            if (name.endsWith(REMOVED)) {
                removed.add(name.substring(0, name.length() - REMOVED.length()));
            } else {
                nodes.put(name, Registration.of(record));
            }
        });
        nodes.keySet().removeAll(removed);
        SortedMap<String, SortedMap<String, Version>> marks = new TreeMap<>();
        SortedMap<String, SortedMap<String, Version>> takenBack = new TreeMap<>();
        complete &= scan.each(
                utf8(Marks.PREFIX),
                (key, record) -> add(Marks.isDirty(record.value()) ? marks : takenBack, key, record.version()),
                (key, version) -> add(takenBack, key, version));
        return new Snapshot(nodes, marks, takenBack, removed, complete);
    }

    private static void add(SortedMap<String, SortedMap<String, Version>> marks, Key key, Version version) {
        String[] path = key.toString().split("/", 3);
        marks.computeIfAbsent(path[2], node -> new TreeMap<>()).put(path[1], version);
    }

    /** @return whether the removal is durable; it cannot be taken back */
    boolean remove(String node, String by) {
        return records.put(removedKey(node), utf8(by));
    }

    /** Deletes what a removed node left behind; its marks only once somebody else has taken them over. */
    boolean forget(String node, Set<String> marked) {
        boolean done = true;
        for (String provider : marked) {
            done &= records.delete(Marks.key(provider, node));
        }
        return done && records.delete(Recovery.probeKey(node)) && records.delete(key(node));
    }

    /** Nodes by provider, for those that ask about providers. */
    static Map<String, Map<String, Version>> byProvider(Map<String, ? extends Map<String, Version>> marks) {
        Map<String, Map<String, Version>> nodes = new TreeMap<>();
        marks.forEach((node, providers) -> providers.forEach((provider, version) ->
                nodes.computeIfAbsent(provider, p -> new TreeMap<>()).put(node, version)));
        return nodes;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
