package dev.holdfast.server.admin;

import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.replication.HomesAudit;
import dev.holdfast.engine.replication.HomesAudit.Found;
import dev.holdfast.engine.time.Time;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One look at a time at the homes of every key, in the background, and what the last one has found. Thread-safe. */
final class HomesRun {
    private static final Logger LOG = LoggerFactory.getLogger(HomesRun.class);

    private final Time time;
    private final Supplier<List<Namespace>> namespaces;
    private volatile @Nullable Run last;

    /** A look; {@code found} is null until it is over, and stays so when it fails. */
    static final class Run {
        final Optional<String> without;
        final long begunAt;
        final HomesAudit audit;
        volatile boolean over;
        volatile @Nullable Found found;

        Run(Optional<String> without, long begunAt, HomesAudit audit) {
            this.without = without;
            this.begunAt = begunAt;
            this.audit = audit;
        }
    }

    HomesRun(Time time, Supplier<List<Namespace>> namespaces) {
        this.time = time;
        this.namespaces = namespaces;
    }

    @Nullable
    Run last() {
        return last;
    }

    /** Begins one, unless one is under way. */
    synchronized boolean begin(HomesAudit audit, Optional<String> without) {
        Run before = last;
        if (before != null && !before.over) {
            return false;
        }
        Run run = new Run(without, time.wallMillis(), audit);
        last = run;
        time.fork("homes", () -> {
            try {
                run.found = audit.run(namespaces.get(), without);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException defect) {
                LOG.error("the homes of keys could not be counted", defect);
            } finally {
                run.over = true;
            }
        });
        return true;
    }
}
