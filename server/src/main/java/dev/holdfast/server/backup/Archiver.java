package dev.holdfast.server.backup;

import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.ChangeLog;
import dev.holdfast.engine.replication.ChangeLog.Change;
import dev.holdfast.engine.replication.ChangeLog.Page;
import dev.holdfast.engine.replication.ChangeLog.Position;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.ReadMode;
import dev.holdfast.engine.time.Time;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what this node's writes carried, in the order of its feed, with values. The feed has values of up to a kilobyte as they were written; a
 * larger one is asked for as soon as the feed tells of it, and if it was overwritten by then, the archive says so. No write waits for any of
 * this.
 *
 * <p>After a crash it goes on after its last mark: what the feed's log has from before is told by asking the store what came of it. Only what
 * that log does not keep any more is a gap. Belongs to one thread, the status aside.
 */
final class Archiver {
    private static final Logger LOG = LoggerFactory.getLogger(Archiver.class);
    private static final int PAGE = 1_000;
    private static final long WAIT_NANOS = 200_000_000;
    private static final long FLUSH_NANOS = 1_000_000_000;
    private static final long AGAIN_NANOS = 1_000_000_000;
    /** For how long a provider or a gate is waited for until what a change carried counts as missed. */
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private final ChangeLog changes;
    private final Store store;
    private final ArchiveFile file;
    private final Predicate<NamespaceId> wanted;
    private final Time time;
    private final ArchiveStatus status;
    /** A moment and what had been begun by then: once that is archived, all is that was acknowledged before the moment. */
    private @Nullable Aim aim;

    private long flushedAt;

    private record Aim(long wall, Position begun) {}

    /** Nothing is kept now, since what a change carried cannot be asked for. */
    private static final class NotNow extends Exception {
        private static final long serialVersionUID = 1;

        NotNow() {
            super("nobody can say what a change carried", null, false, false);
        }
    }

    /** @param wanted which namespaces are archived */
    Archiver(
            ChangeLog changes,
            Store store,
            ArchiveFile file,
            Predicate<NamespaceId> wanted,
            Time time,
            ArchiveStatus status) {
        this.changes = changes;
        this.store = store;
        this.file = file;
        this.wanted = wanted;
        this.time = time;
        this.status = status;
    }

    /** @return how long to rest */
    long step() throws InterruptedException {
        try {
            file.open(changes::newest);
            advance();
            status.well();
            return 0;
        } catch (IOException failed) {
            if (status.failed(String.valueOf(failed))) {
                LOG.warn("changes are not archived now, and are once this is mended: {}", failed.toString());
            }
            aim = null;
            file.abandon();
            return AGAIN_NANOS;
        }
    }

    private void advance() throws IOException, InterruptedException {
        if (aim == null) {
            long wall = time.wallMillis();
            aim = new Aim(wall, changes.begun());
        }
        switch (changes.read(file.position(), PAGE, WAIT_NANOS)) {
            case Page.Changes(List<Change> told, Position next) -> keep(told, next, false);
            case Page.Gap(Position resumeAt, String why) -> bridge(resumeAt, why);
        }
        Aim reached = aim;
        if (reached != null && file.position().compareTo(reached.begun()) >= 0) {
            file.through(reached.wall());
            aim = null;
        }
        boolean asked = status.asked();
        if (asked || time.nanos() - flushedAt > FLUSH_NANOS) {
            file.flush(asked);
            flushedAt = time.nanos();
        }
        status.archived(file);
    }

    private void bridge(Position resumeAt, String why) throws IOException, InterruptedException {
        Position after = file.position();
        if (after.epoch() < resumeAt.epoch()) {
            List<Change> left = changes.unsettled(after, PAGE);
            if (left != null) {
                keep(
                        left,
                        left.isEmpty()
                                ? new Position(resumeAt.epoch(), 0)
                                : left.getLast().at(),
                        true);
                return;
            }
        }
        LOG.warn("the archive of changes has a gap, and a full backup is made because of it: {}", why);
        file.gap(time.wallMillis(), resumeAt, why);
        aim = null;
        status.gap(time.wallMillis());
    }

    /** @param unsure whether some of them may not have happened */
    private void keep(List<Change> told, Position next, boolean unsure) throws IOException, InterruptedException {
        for (Change change : told) {
            if (!change.namespace().reserved() && wanted.test(change.namespace())) {
                keep(change, unsure);
            }
        }
        file.advance(next);
    }

    private void keep(Change change, boolean unsure) throws IOException, InterruptedException {
        Record carried = change.record();
        if (carried != null && !unsure) {
            file.change(time.wallMillis(), change.namespace(), change.key(), carried);
            return;
        }
        long until = time.nanos() + PATIENCE_NANOS;
        while (true) {
            try {
                asked(change, carried);
                return;
            } catch (NotNow now) {
                if (time.nanos() - until >= 0) {
                    kept(change, carried, "nobody could say what it was");
                    return;
                }
                time.sleep(AGAIN_NANOS);
            }
        }
    }

    private void asked(Change change, @Nullable Record carried) throws IOException, NotNow {
        Version version = change.version();
        switch (store.get(change.namespace(), change.key(), ReadMode.CONFIRMED)) {
            case Answer.Unavailable _ -> throw new NotNow();
            case Answer.Found(Record record, var _) -> {
                int order = record.version().compareTo(version);
                if (order == 0) {
                    file.change(time.wallMillis(), change.namespace(), change.key(), record);
                } else if (order > 0) {
                    kept(change, carried, "it was overwritten before it could be read");
                }
                // Otherwise it has not happened: nothing so new is anywhere.
            }
            case Answer.Missing(Version asOf, var _) -> {
                if (asOf.compareTo(version) >= 0) {
                    kept(change, carried, "it was deleted or had expired before it could be read");
                }
            }
        }
    }

    private void kept(Change change, @Nullable Record carried, String otherwise) throws IOException {
        if (carried != null) {
            file.change(time.wallMillis(), change.namespace(), change.key(), carried);
        } else {
            status.missed();
            file.missed(time.wallMillis(), change.namespace(), change.key(), change.version(), otherwise);
        }
    }

    /** Makes durable what there is. */
    void close() {
        try {
            file.close();
        } catch (IOException failed) {
            LOG.warn("the archive of changes does not end in order: {}", failed.toString());
        }
    }
}
