package dev.holdfast.cli.workerskv;

import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Json;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** What has become of the keys of a pass. Used by one thread. */
public final class Tally {

    enum Fate {
        NEW("written here for the first time", "would be written here for the first time"),
        CHANGED(
                "written again, since they have changed there",
                "would be written again, since they have changed there"),
        SAME("read and the same", "read and the same"),
        UNREAD("not read, since neither metadata nor expiration has changed", "would not be read"),
        KEPT(
                "left as they are here, where somebody else has written or deleted them",
                "would be left as they are here"),
        DIFFERS(
                "the same there, and written or deleted here since",
                "the same there, and written or deleted here since"),
        GONE("gone there and still here", "gone there and still here"),
        DELETED("deleted here, since they are gone there", "would be deleted here, since they are gone there"),
        EXPIRED("expired", "expired");

        private final String done;
        private final String planned;

        Fate(String done, String planned) {
            this.done = done;
            this.planned = planned;
        }
    }

    private final Map<Fate, Long> counts = new EnumMap<>(Fate.class);
    private long bytes;

    void count(Fate fate) {
        counts.merge(fate, 1L, Long::sum);
    }

    void read(long size) {
        bytes += size;
    }

    long of(Fate fate) {
        return counts.getOrDefault(fate, 0L);
    }

    /** Keys there, and keys that were there. */
    public long keys() {
        long all = 0;
        for (long count : counts.values()) {
            all += count;
        }
        return all;
    }

    /** Whether anything was, or would be, written or deleted here. */
    public boolean quiet() {
        return of(Fate.NEW) + of(Fate.CHANGED) + of(Fate.DELETED) == 0;
    }

    public ObjectNode json(boolean dryRun) {
        ObjectNode json = Json.object().put("keys", keys());
        for (Fate fate : Fate.values()) {
            json.put(fate.name().toLowerCase(Locale.ROOT), of(fate));
        }
        return json.put("bytes_read", bytes).put("dry_run", dryRun);
    }

    public String text(boolean dryRun) {
        List<String> lines = new ArrayList<>();
        lines.add(Words.count(keys(), "key")
                + (dryRun ? ". Nothing was written." : ", " + Words.bytes(bytes) + " read."));
        for (Fate fate : Fate.values()) {
            if (of(fate) > 0) {
                lines.add("  " + of(fate) + " " + (dryRun ? fate.planned : fate.done));
            }
        }
        return String.join("\n", lines);
    }
}
