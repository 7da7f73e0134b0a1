package dev.holdfast.server.admin;

import dev.holdfast.engine.time.Time;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run at a time of something that takes long, in the background, and what the last one came to. Thread-safe.
 *
 * @param <W> what a run is about
 * @param <F> what it finds
 */
final class OneRun<W, F> {
    private static final Logger LOG = LoggerFactory.getLogger(OneRun.class);

    private final Time time;
    private final String name;
    private final String failure;
    private final Work<W, F> work;
    private volatile @Nullable Run<W, F> last;

    /** What a run does. */
    interface Work<W, F> {
        F find(W about) throws InterruptedException;
    }

    /** A run; {@code found} is null until it is over, and stays so when it fails. */
    static final class Run<W, F> {
        final W about;
        final long begunAt;
        volatile boolean over;
        volatile @Nullable F found;

        Run(W about, long begunAt) {
            this.about = about;
            this.begunAt = begunAt;
        }
    }

    /**
     * @param name of its thread
     * @param failure what the log says when it fails
     */
    OneRun(Time time, String name, String failure, Work<W, F> work) {
        this.time = time;
        this.name = name;
        this.failure = failure;
        this.work = work;
    }

    @Nullable
    Run<W, F> last() {
        return last;
    }

    /** Begins one, unless one is under way. */
    synchronized boolean begin(W about) {
        Run<W, F> before = last;
        if (before != null && !before.over) {
            return false;
        }
        Run<W, F> run = new Run<>(about, time.wallMillis());
        last = run;
        time.fork(name, () -> {
            try {
                run.found = work.find(about);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException defect) {
                LOG.error("{}", failure, defect);
            } finally {
                run.over = true;
            }
        });
        return true;
    }
}
