package dev.holdfast.server.backup;

import dev.holdfast.engine.time.Time;
import dev.holdfast.server.api.Json;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/** Something that takes long, in the background. Thread-safe. */
final class Job {
    private static final Logger LOG = LoggerFactory.getLogger(Job.class);

    private final String what;
    private final Time time;
    private final Work work;
    private final Progress progress;
    private final long begunAt;
    private volatile long endedAt;
    private volatile @Nullable String problem;
    private volatile @Nullable Thread thread;

    /** What a job does. */
    interface Work {
        void run(Progress progress) throws IOException, InterruptedException, Refusal;

        /** What it has come to so far. */
        void result(ObjectNode into);

        /** Ends it soon. */
        default void stop() {}
    }

    private Job(String what, Time time, Work work) {
        this.what = what;
        this.time = time;
        this.work = work;
        this.progress = new Progress(time);
        this.begunAt = time.wallMillis();
    }

    static Job begin(String what, Time time, Work work) {
        Job job = new Job(what, time, work);
        job.thread = time.fork(what, job::run);
        return job;
    }

    private void run() {
        try {
            work.run(progress);
        } catch (Refusal refused) {
            problem = refused.sentence();
        } catch (IOException failed) {
            problem = String.valueOf(failed);
            LOG.warn("{} failed: {}", what, failed.toString());
        } catch (InterruptedException stopped) {
            problem = "It was stopped.";
        } catch (RuntimeException defect) {
            problem = "An error that nobody foresaw; it is in the server's log.";
            LOG.error("{} failed", what, defect);
        } finally {
            endedAt = Math.max(1, time.wallMillis());
        }
    }

    boolean running() {
        return endedAt == 0;
    }

    long begunAt() {
        return begunAt;
    }

    /** Why it did not come to its end; null while it runs, and when all is well. */
    @Nullable
    String problem() {
        return problem;
    }

    /** Ends it soon, and waits for that. */
    void stop() {
        work.stop();
        Thread running = thread;
        if (running != null) {
            running.interrupt();
            try {
                running.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    ObjectNode json() {
        ObjectNode json = Json.object()
                .put("running", running())
                .put("begun_at", begunAt)
                .put("ended_at", endedAt)
                .put("doing", running() ? progress.doing() : "")
                .put("done", progress.done())
                .put("expected", progress.expected())
                .put("per_second", Math.round(progress.perSecond()))
                .put("left_ms", running() ? progress.leftMillis() : 0);
        String why = problem;
        if (why != null) {
            json.put("problem", why);
        }
        work.result(json);
        return json;
    }
}
