package dev.holdfast.server.admin;

import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.SealingRun;
import dev.holdfast.engine.replication.Seals.KeyMissing;
import dev.holdfast.engine.time.Time;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** One run for each namespace at a time, in the background, and what the last one has found. Thread-safe. */
final class SealingRuns {
    private final Time time;
    private final Map<NamespaceId, OneRun<Rows, String>> runs = new ConcurrentHashMap<>();

    /** A run over the rows of a namespace, and whether it seals those in the clear. */
    record Rows(SealingRun rows, boolean seals) {}

    SealingRuns(Time time) {
        this.time = time;
    }

    OneRun.@Nullable Run<Rows, String> last(NamespaceId namespace) {
        OneRun<Rows, String> of = runs.get(namespace);
        return of == null ? null : of.last();
    }

    /** Begins one, unless one is under way. */
    boolean begin(NamespaceId namespace, Rows rows) {
        return runs.computeIfAbsent(
                        namespace,
                        named -> new OneRun<>(
                                time, "sealing", "the rows of a namespace could not be sealed", SealingRuns::run))
                .begin(rows);
    }

    /** @return why it has ended before its end; empty otherwise */
    private static String run(Rows rows) {
        try {
            rows.rows().run();
            return "";
        } catch (KeyMissing missing) {
            return String.valueOf(missing.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "the node is stopping";
        }
    }

    /** The same of the last one; empty also while it is under way. */
    static String failed(OneRun.Run<Rows, String> run) {
        if (!run.over) {
            return "";
        }
        String found = run.found;
        return found == null ? "a defect of Holdfast, which its log shows" : found;
    }
}
