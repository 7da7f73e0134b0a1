package dev.holdfast.server.backup;

import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.Store.Listing;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.backup.RestoreResult.Fate;
import dev.holdfast.server.v1.Restoring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A restore from its begin to its end: what it rests on, whether that is enough, and the going through. Used by one thread, the result aside. */
final class RestoreWork implements Job.Work {
    private static final long PATIENCE_NANOS = 30_000_000_000L;
    private static final long PAUSE_NANOS = 50_000_000L;

    private final Wish wish;
    private final Means means;
    private final RestoreResult result = new RestoreResult();
    private volatile List<String> holes = List.of();
    private volatile @Nullable Manifest base;
    private volatile @Nullable Version began;
    private volatile boolean resumed;
    private volatile @Nullable Restore restore;
    private volatile boolean stopped;

    /**
     * What it needs.
     *
     * @param reading not the near store
     * @param writing the near store
     * @param registered the nodes there are
     * @param clock stamps versions that are newer than all that this node has acknowledged
     * @param jurisdictions of namespaces
     * @param oldVersions who writes so
     * @param restoring keeps others from beginning to
     * @param node that restores
     */
    record Means(
            Folder folder,
            Fulls fulls,
            Coverage coverage,
            ArchiveStatus archive,
            Store reading,
            Store writing,
            Supplier<Registered> registered,
            Supplier<Version> clock,
            Backups.Jurisdictions jurisdictions,
            OldVersions oldVersions,
            Restoring restoring,
            String node,
            Time time) {}

    RestoreWork(Wish wish, Means means) {
        this.wish = wish;
        this.means = means;
    }

    @Override
    public void run(Progress progress) throws IOException, InterruptedException, Refusal {
        RestoreMark mark = RestoreMark.of(means.folder(), wish);
        Optional<Version> before = wish.anew() ? Optional.empty() : mark.began();
        resumed = before.isPresent();
        Claim claim = new Claim(means.restoring(), wish.into().id(), means.node(), means.time());
        if (!wish.dryRun()) {
            claim.begin(resumed);
        }
        boolean done = !resumed;
        try {
            requireNoOldVersions();
            done = false;
            claimed(mark, before, claim, progress);
            done = wish.dryRun() || result.count(Fate.FAILED) == 0;
        } finally {
            if (!wish.dryRun()) {
                claim.end(done);
            }
        }
    }

    private void requireNoOldVersions() throws Refusal {
        Optional<String> old = means.oldVersions().writtenIn(wish.into());
        if (old.isPresent()) {
            throw new Refusal(old.get() + " Nothing was written.");
        }
    }

    private void claimed(RestoreMark mark, Optional<Version> before, Claim claim, Progress progress)
            throws IOException, InterruptedException, Refusal {
        if (wish.anew() && !wish.dryRun()) {
            mark.end();
        }
        Version from = before.isPresent() ? before.get() : means.clock().get();
        began = from;
        progress.begin("waiting for the archive", -1);
        awaitArchive();
        Manifest full = means.fulls().base(wish.from(), wish.to()).orElseThrow(this::noBase);
        base = full;
        requireJurisdiction(full);
        SortedMap<String, List<Summary>> archives = means.coverage().summaries();
        List<String> found =
                new ArrayList<>(Coverage.holes(archives, means.registered().get(), full.began(), wish.to()));
        boolean vouched = full.part(wish.from()).map(Manifest.Part::confirmed).orElse(true);
        if (!vouched) {
            found.add("The full backup " + full.id() + " was made while not every key could be vouched for.");
        }
        holes = List.copyOf(found);
        if (!holes.isEmpty() && !wish.acceptGaps()) {
            throw new Refusal("It is not certain what was there at " + Instants.text(wish.to()) + ": "
                    + String.join(" ", holes) + " Nothing was written.");
        }
        if (wish.elsewhere() && !resumed) {
            requireEmpty();
        }
        if (!resumed && !wish.dryRun()) {
            mark.begin(means.folder(), wish, from);
        }
        Path scratch =
                means.folder().make(means.folder().restores()).resolve("scratch-" + Long.toHexString(from.bits()));
        means.folder().make(scratch);
        try {
            through(full, archives, from, scratch, claim, progress);
        } finally {
            Folder.delete(scratch);
        }
        if (!wish.dryRun() && result.count(Fate.FAILED) == 0) {
            mark.end();
        }
    }

    private void through(
            Manifest full,
            SortedMap<String, List<Summary>> archives,
            Version from,
            Path scratch,
            Claim claim,
            Progress progress)
            throws IOException, InterruptedException {
        long bytes = archives.values().stream()
                .flatMap(List::stream)
                .mapToLong(Summary::whole)
                .sum();
        progress.begin("reading the archive", bytes);
        Optional<Manifest.Part> part = full.part(wish.from());
        Path file =
                part.map(each -> means.fulls().at(full).resolve(each.file())).orElse(null);
        try (Past past = Past.of(
                new Past.Sources(full, file, archives),
                wish.from(),
                wish.prefixBytes(),
                wish.to(),
                scratch,
                progress)) {
            Restore going = new Restore(
                    means.reading(), means.writing(), wish, from, () -> require(claim), means.time(), result, progress);
            restore = going;
            if (stopped) {
                throw new InterruptedException();
            }
            long keys = part.map(Manifest.Part::keys).orElse(-1L);
            progress.begin(
                    wish.dryRun() ? "comparing" : "restoring", wish.prefix().isEmpty() ? keys : -1);
            going.run(past);
        }
    }

    /** An import at another node of which the mark was not to be seen, or an upstream, may have begun meanwhile. */
    private void require(Claim claim) throws IOException {
        if (!wish.dryRun()) {
            claim.require();
        }
        Optional<String> old = means.oldVersions().writtenIn(wish.into());
        if (old.isPresent()) {
            throw new IOException(old.get() + " What is restored by now stays so.");
        }
    }

    /** What has a jurisdiction is not restored to where it may not lie. */
    private void requireJurisdiction(Manifest full) throws Refusal {
        String from = full.part(wish.from())
                .map(Manifest.Part::jurisdiction)
                .orElseGet(() -> means.jurisdictions().of(wish.from()));
        if (from == null && !wish.acceptGaps()) {
            throw new Refusal("The full backup does not know namespace " + wish.from()
                    + " and neither does this store, so it is not known in which jurisdiction it was. Nothing was"
                    + " written.");
        }
        if (from != null && !from.isEmpty() && !from.equals(wish.into().jurisdiction())) {
            throw new Refusal("The namespace is of jurisdiction " + from + ", and \""
                    + wish.into().title() + "\" is not. Restore it into one that is.");
        }
    }

    /** Until a mark says that all is there that was acknowledged up to the moment; if it does not come, that is a hole. */
    private void awaitArchive() throws InterruptedException {
        long until = means.time().nanos() + PATIENCE_NANOS;
        while (means.archive().marked() < wish.to()
                && means.archive().problem() == null
                && means.time().nanos() - until < 0) {
            means.archive().ask();
            means.time().sleep(PAUSE_NANOS);
        }
    }

    private Refusal noBase() {
        try {
            return means.fulls().all().stream()
                    .filter(full -> full.tells(wish.from()))
                    .findFirst()
                    .map(oldest -> new Refusal("There is no full backup of this namespace from before "
                            + Instants.text(wish.to()) + "; the oldest moment it can go back to is "
                            + Instants.text(oldest.ended()) + "."))
                    .orElseGet(() -> new Refusal("There is no full backup of this namespace."));
        } catch (IOException unreadable) {
            return new Refusal("The full backups cannot be read: " + unreadable);
        }
    }

    private void requireEmpty() throws Refusal {
        switch (means.reading().list(wish.into().id(), wish.prefixBytes(), null, 1)) {
            case Listing.Keys keys
            when keys.keys().isEmpty() && keys.confirmed() -> {
                return;
            }
            case Listing.Keys keys
            when keys.keys().isEmpty() ->
                throw new Refusal(
                        "Nobody can vouch now for that \"" + wish.into().title() + "\" has no such keys.");
            case Listing.Keys _ ->
                throw new Refusal(
                        "\"" + wish.into().title() + "\" has such keys already; name a namespace that has none.");
            case Listing.Unavailable unavailable ->
                throw new Refusal(unavailable.why().sentence());
        }
    }

    @Override
    public void stop() {
        stopped = true;
        Restore going = restore;
        if (going != null) {
            going.stop();
        }
    }

    @Override
    public void result(ObjectNode into) {
        into.put("namespace", wish.from().toString())
                .put("into", wish.into().id().toString())
                .put("prefix", wish.prefix())
                .put("to", Instants.text(wish.to()))
                .put("dry_run", wish.dryRun())
                .put("resumed", resumed);
        Manifest full = base;
        if (full != null) {
            into.put("backup", full.id());
        }
        Version from = began;
        if (from != null) {
            into.put("since", Instants.text(from.millis()));
        }
        ArrayNode list = into.putArray("holes");
        holes.forEach(list::add);
        result.into(into);
    }

    /** Removes what a restore that was killed has left. */
    static void clear(Folder folder) throws IOException {
        for (Path each : Folder.list(folder.restores())) {
            if (Files.isDirectory(each)) {
                Folder.delete(each);
            }
        }
    }
}
