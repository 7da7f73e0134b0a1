package dev.holdfast.server.backup;

import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.ChangeLog;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.catalogue.Namespaces;
import dev.holdfast.engine.time.Background;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.config.BackupConfig;
import dev.holdfast.server.v1.Restoring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The backups of a node: full ones on a schedule, the archive of changes between them, and restores from both. Nothing that clients wait for
 * waits for any of it. Thread-safe.
 */
public final class Backups implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Backups.class);
    private static final long LOOK_NANOS = 1_000_000_000L;
    private static final long PRUNE_NANOS = 600_000_000_000L;
    private static final long AGAIN_MILLIS = 60_000;
    private static final long LATE_MILLIS = 60_000;

    /** What takes long, of which one at a time may be under way. */
    public enum Kind {
        BACKUP,
        VERIFY,
        RESTORE
    }

    /**
     * What is backed up, and by whom.
     *
     * @param reading all that clients read, but not the near store: backups must not fill the cache
     * @param writing the near store, which hears of what is restored
     * @param registered names of the nodes over the same providers
     * @param clock stamps versions that are newer than all that this node has acknowledged
     * @param here whether records of a namespace may lie on this node's disks
     * @param jurisdictions of every namespace there ever was; empty for none, null when that is not known
     * @param oldVersions who writes so
     * @param restoring keeps others from beginning to
     */
    public record Node(
            Store reading,
            Store writing,
            ChangeLog changes,
            Namespaces namespaces,
            Supplier<Registered> registered,
            Supplier<Version> clock,
            Predicate<NamespaceId> here,
            Jurisdictions jurisdictions,
            OldVersions oldVersions,
            Restoring restoring) {}

    /** Where namespaces belong. */
    public interface Jurisdictions {
        @Nullable
        String of(NamespaceId namespace);
    }

    private final BackupConfig config;
    private final Folder folder;
    private final Node node;
    private final Time time;
    private final Fulls fulls;
    private final Coverage coverage;
    private final ArchiveStatus archive = new ArchiveStatus();
    private final Archiver archiver;
    private final Map<Kind, Job> jobs = new EnumMap<>(Kind.class);
    private volatile @Nullable Manifest newest;
    private volatile @Nullable String unusable;
    private long prunedAt;
    private @Nullable Thread archiving;
    private @Nullable Thread looking;

    /** @param directory what {@code config} says */
    public Backups(BackupConfig config, Path directory, Node node, Time time) {
        this.config = config;
        this.folder = new Folder(directory);
        this.node = node;
        this.time = time;
        this.fulls = new Fulls(folder);
        this.coverage = new Coverage(folder);
        this.archiver = new Archiver(
                node.changes(),
                node.reading(),
                new ArchiveFile(folder, node.changes().node(), time),
                this::wanted,
                time,
                archive);
    }

    /** Begins to archive, and to look for whether a full backup is due. A directory that cannot be used now is tried again and again. */
    public void start() {
        try {
            folder.begin();
            RestoreWork.clear(folder);
            fulls.clear(node.changes().node());
        } catch (IOException failed) {
            LOG.warn("backups cannot be made now: {}", failed.toString());
        }
        archiving = Background.start(time, "archive", archiver::step);
        looking = Background.start(time, "backups", this::look);
    }

    private boolean wanted(NamespaceId id) {
        if (!node.here().test(id)) {
            return false;
        }
        if (config.namespaces().isEmpty()) {
            return true;
        }
        String title = node.namespaces().find(id).map(Namespace::title).orElse("");
        return config.namespaces().contains(title) || config.namespaces().contains(id.toString());
    }

    /** Whether there are none but those that are backed up. */
    private boolean whole() {
        return config.namespaces().isEmpty() && node.namespaces().ids().stream().allMatch(node.here());
    }

    private List<Namespace> wanted() {
        return node.namespaces().ids().stream()
                .map(node.namespaces()::find)
                .flatMap(Optional::stream)
                .filter(namespace -> wanted(namespace.id()))
                .toList();
    }

    private long look() {
        try {
            if (!Files.isDirectory(folder.root())) {
                throw new NoSuchFileException(folder.root().toString(), null, "the directory of backups is gone");
            }
            newest = fulls.newestGood().orElse(null);
            unusable = null;
            if (due()) {
                backup();
            }
            if (time.nanos() - prunedAt > PRUNE_NANOS) {
                prune();
            }
        } catch (IOException failed) {
            unusable = failed.toString();
        }
        return LOOK_NANOS;
    }

    private void prune() throws IOException {
        prunedAt = time.nanos();
        fulls.prune(time.wallMillis(), config.window().toMillis());
    }

    /** There is none, or the last one is old, or changes since it are missing. */
    private boolean due() {
        Job last = job(Kind.BACKUP);
        boolean rests = last != null
                && (last.running() || (last.problem() != null && time.wallMillis() - last.begunAt() < AGAIN_MILLIS));
        if (config.interval().isZero() || rests || archive.problem() != null || archive.through() == 0) {
            return false;
        }
        Manifest full = newest;
        return full == null
                || time.wallMillis() - full.began() >= config.interval().toMillis()
                || full.began() < archive.coveredFrom();
    }

    private synchronized @Nullable Job job(Kind kind) {
        return jobs.get(kind);
    }

    /** @return whether it was begun; not when one of its kind is under way */
    private synchronized boolean begin(Kind kind, String what, Job.Work work) {
        Job before = jobs.get(kind);
        if (before != null && before.running()) {
            return false;
        }
        jobs.put(kind, Job.begin(what, time, work));
        return true;
    }

    /** Begins a full backup now, unless one is under way. */
    public boolean backup() {
        return begin(Kind.BACKUP, "full backup", new Full());
    }

    /** Begins to verify all that there is, unless that is under way. */
    public boolean verify() {
        return begin(Kind.VERIFY, "verifying backups", new VerifyWork(fulls, coverage));
    }

    /** Begins a restore, unless one is under way. */
    public boolean restore(Wish wish) {
        RestoreWork.Means means = new RestoreWork.Means(
                folder,
                fulls,
                coverage,
                archive,
                node.reading(),
                node.writing(),
                node.registered(),
                node.clock(),
                node.jurisdictions(),
                node.oldVersions(),
                node.restoring(),
                node.changes().node(),
                time);
        return begin(Kind.RESTORE, "restore", new RestoreWork(wish, means));
    }

    /** Ends what is under way, and returns once it has ended. */
    public void stop(Kind kind) {
        Job job = job(kind);
        if (job != null && job.running()) {
            job.stop();
        }
    }

    /** How each kind goes, or went last. */
    public ObjectNode jobs() {
        return BackupForm.jobs(kind -> Optional.ofNullable(job(kind)).map(Job::json));
    }

    /** @throws IOException when the directory cannot be read */
    public ObjectNode all() throws IOException {
        SortedMap<String, List<Summary>> summaries = coverage.summaries();
        return BackupForm.all(config, folder, fulls.all(), summaries, archive, time.wallMillis());
    }

    /** What one full backup says of itself; empty when there is none of this name. */
    public Optional<ObjectNode> one(String id) throws IOException {
        return fulls.all().stream()
                .filter(full -> full.id().equals(id))
                .map(Manifest::json)
                .findFirst();
    }

    /** Why changes or full backups are not kept as they should be, for people; empty when all is well. */
    public Optional<String> trouble() {
        List<String> troubles = new ArrayList<>();
        String archiveProblem = archive.problem();
        long behind = archive.through() == 0 ? 0 : lagMillis();
        if (archiveProblem != null) {
            troubles.add("Changes are not archived: " + archiveProblem + ".");
        } else if (behind > LATE_MILLIS) {
            troubles.add("The archive of changes is " + behind / 1_000 + " seconds behind.");
        }
        String unreadable = unusable;
        if (unreadable != null && archiveProblem == null) {
            troubles.add("The directory of backups cannot be used: " + unreadable + ".");
        }
        Job last = job(Kind.BACKUP);
        if (last != null && last.problem() != null) {
            troubles.add("The last full backup failed: " + last.problem());
        }
        return troubles.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", troubles));
    }

    /** For how long nothing was archived of what may have been acknowledged; 0 before the first time. */
    public long lagMillis() {
        return archive.through() == 0 ? 0 : Math.max(0, time.wallMillis() - archive.through());
    }

    /** When the newest full backup with all namespaces began; 0 for none. */
    public long newestAt() {
        Manifest full = newest;
        return full == null ? 0 : full.began();
    }

    /** Changes of which the archive only says that they were. */
    public long missed() {
        return archive.missedCount();
    }

    /** Gaps in the archive since the start. */
    public long gaps() {
        return archive.gapCount();
    }

    /** Whether changes cannot be archived now. */
    public boolean failing() {
        return archive.problem() != null || unusable != null;
    }

    @Override
    public void close() {
        for (Kind kind : Kind.values()) {
            stop(kind);
        }
        Background.end(looking);
        Background.end(archiving);
        archiver.close();
    }

    /** A full backup of all that is wanted. */
    private final class Full implements Job.Work {
        private volatile @Nullable Manifest made;

        @Override
        public void run(Progress progress) throws IOException, InterruptedException, Refusal {
            Manifest before = newest;
            progress.begin("full backup", before == null ? -1 : before.keys());
            Manifest full =
                    new FullBackup(folder, node.reading(), node.changes(), time, progress).run(wanted(), whole());
            made = full;
            if (full.good()) {
                newest = full;
                prune();
                return;
            }
            for (Manifest.Part part : full.parts()) {
                if (!part.there()) {
                    throw new Refusal("The namespace \"" + part.title() + "\" is not in it: " + part.problem());
                }
            }
        }

        @Override
        public void result(ObjectNode into) {
            Manifest full = made;
            if (full != null) {
                into.set("backup", full.json());
            }
        }
    }
}
