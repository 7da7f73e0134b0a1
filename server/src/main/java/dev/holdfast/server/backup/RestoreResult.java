package dev.holdfast.server.backup;

import dev.holdfast.engine.kv.Key;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a restore has come to so far. Thread-safe. */
final class RestoreResult {
    private static final int SAMPLE = 10;

    /** What becomes of a key. */
    enum Fate {
        /** It is as it was. */
        EQUAL,
        /** It was deleted since, and is there again. */
        PUT_BACK,
        /** It was changed since, and is as it was again. */
        CHANGED_BACK,
        /** It was made since, and is deleted. */
        DELETED,
        /** It had a value then that has expired since. */
        EXPIRED_SINCE,
        /** It was written after the restore began, and stays as it is. */
        WRITTEN_MEANWHILE,
        /** The archive does not have what it held then, and it stays as it is. */
        NOT_IN_ARCHIVE,
        /** The store did not take it. */
        FAILED;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Map<Fate, Long> counts = new EnumMap<>(Fate.class);
    private final Map<Fate, Set<String>> samples = new EnumMap<>(Fate.class);
    private String problem = "";

    synchronized void count(Fate fate, Key key) {
        counts.merge(fate, 1L, Long::sum);
        if (fate != Fate.EQUAL) {
            Set<String> sample = samples.computeIfAbsent(fate, _ -> new LinkedHashSet<>());
            if (sample.size() < SAMPLE) {
                sample.add(key.toString());
            }
        }
    }

    synchronized void failed(Key key, String why) {
        count(Fate.FAILED, key);
        problem = why;
    }

    synchronized long count(Fate fate) {
        return counts.getOrDefault(fate, 0L);
    }

    /** Why the last key that failed did. */
    synchronized String lastFailure() {
        return problem;
    }

    synchronized void into(ObjectNode json) {
        ObjectNode all = json.putObject("keys");
        for (Fate fate : Fate.values()) {
            all.put(fate.label(), counts.getOrDefault(fate, 0L));
        }
        ObjectNode some = json.putObject("samples");
        samples.forEach((fate, keys) -> {
            ArrayNode list = some.putArray(fate.label());
            keys.forEach(list::add);
        });
        if (!problem.isEmpty()) {
            json.put("last_failure", problem);
        }
    }
}
