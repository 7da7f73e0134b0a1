package dev.holdfast.server.admin;

import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.SealingRun;
import dev.holdfast.engine.replication.Seals.KeyMissing;
import dev.holdfast.engine.time.Time;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run for each namespace at a time, in the background, and what the last one has found. Thread-safe. */
final class SealingRuns {
    private static final Logger LOG = LoggerFactory.getLogger(SealingRuns.class);

    private final Time time;
    private final Map<NamespaceId, Run> last = new ConcurrentHashMap<>();

    /** One run. {@code failed} says why it has ended before its end; empty otherwise. */
    static final class Run {
        final SealingRun rows;
        final boolean seals;
        final long begunAt;
        volatile boolean over;
        volatile String failed = "";

        Run(SealingRun rows, boolean seals, long begunAt) {
            this.rows = rows;
            this.seals = seals;
            this.begunAt = begunAt;
        }
    }

    SealingRuns(Time time) {
        this.time = time;
    }

    @Nullable
    Run last(NamespaceId namespace) {
        return last.get(namespace);
    }

    /** Begins one, unless one is under way. */
    synchronized boolean begin(NamespaceId namespace, SealingRun rows, boolean seals) {
        Run before = last.get(namespace);
        if (before != null && !before.over) {
            return false;
        }
        Run run = new Run(rows, seals, time.wallMillis());
        last.put(namespace, run);
        time.fork("sealing", () -> run(run));
        return true;
    }

    private static void run(Run run) {
        try {
            run.rows.run();
        } catch (KeyMissing missing) {
            run.failed = String.valueOf(missing.getMessage());
        } catch (InterruptedException e) {
            run.failed = "the node is stopping";
            Thread.currentThread().interrupt();
        } catch (RuntimeException defect) {
            LOG.error("the rows of a namespace could not be sealed", defect);
            run.failed = "a defect of Holdfast, which its log shows";
        } finally {
            run.over = true;
        }
    }
}
