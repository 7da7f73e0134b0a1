package dev.holdfast.server.backup;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Limits;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.replication.ChangeLog;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.Store.Listing;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.token.PrivateFile;
import dev.holdfast.server.v1.ExportLine;
import dev.holdfast.server.v1.ValuePage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes a full backup: an export of each namespace, as docs/portability.md has it. It works for half of the time and rests for the other, and
 * asks with the turn of its namespace, so that users come first. Used by one thread.
 */
final class FullBackup {
    private static final int WIDTH = 16;
    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final long PAUSE_NANOS = 1_000_000_000L;
    /** How many pauses a whole backup makes in all since somebody could not vouch for a page. */
    private static final int MOST_UNSURE_PAUSES = 300;

    private static final long LONGEST_REST_NANOS = 1_000_000_000L;
    private static final byte[] ALL = {};
    private final Folder folder;
    private final Store store;
    private final ChangeLog changes;
    private final Time time;
    private final Progress progress;
    private int unsurePauses;

    FullBackup(Folder folder, Store store, ChangeLog changes, Time time, Progress progress) {
        this.folder = folder;
        this.store = store;
        this.changes = changes;
        this.time = time;
        this.progress = progress;
    }

    /** @param all whether these are all namespaces that there are */
    Manifest run(List<Namespace> namespaces, boolean all) throws IOException, InterruptedException {
        long began = time.wallMillis();
        String position = changes.newest().toString();
        String id = Instants.name(began) + "-" + changes.node();
        Path partial = folder.make(folder.fulls()).resolve(id + Folder.PARTIAL);
        if (Files.exists(partial)) {
            Folder.delete(partial);
        }
        folder.make(partial);
        List<Manifest.Part> parts = new ArrayList<>();
        for (Namespace namespace : namespaces) {
            parts.add(part(namespace, partial));
        }
        Manifest manifest =
                new Manifest(id, changes.node(), began, time.wallMillis(), position, all, List.copyOf(parts));
        PrivateFile.write(partial.resolve(Manifest.SUMS), manifest.sums().getBytes(StandardCharsets.US_ASCII));
        PrivateFile.write(
                partial.resolve(Manifest.NAME),
                (manifest.json().toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
        Folder.sync(partial);
        Files.move(partial, folder.fulls().resolve(id), StandardCopyOption.ATOMIC_MOVE);
        Folder.sync(folder.fulls());
        return manifest;
    }

    private Manifest.Part part(Namespace namespace, Path into) throws IOException, InterruptedException {
        String name = namespace.id() + Folder.LINES;
        try (LineFile file = new LineFile(into.resolve(name))) {
            file.line(ExportLine.header(namespace, time.wallMillis(), ALL, true));
            long keys = 0;
            boolean confirmed = true;
            Key after = null;
            do {
                long begin = time.nanos();
                ValuePage page = patiently(namespace, after);
                for (ValuePage.Entry entry : page.entries()) {
                    ObjectNode line = ExportLine.of(entry.key(), entry.record());
                    file.line(page.confirmed() ? line : line.put("confirmed", false));
                }
                keys += page.entries().size();
                confirmed &= page.confirmed();
                progress.add(page.entries().size());
                after = page.next();
                time.sleep(Math.min(LONGEST_REST_NANOS, time.nanos() - begin));
            } while (after != null);
            file.line(ExportLine.end(keys, confirmed, file.textSum()));
            file.flush();
            return new Manifest.Part(
                    namespace.id(),
                    namespace.title(),
                    namespace.jurisdiction(),
                    name,
                    keys,
                    file.bytes(),
                    file.size(),
                    file.fileSum(),
                    confirmed,
                    "");
        } catch (ApiError refused) {
            Files.delete(into.resolve(name));
            return Manifest.Part.missing(namespace.id(), namespace.title(), String.valueOf(refused.getMessage()));
        }
    }

    /** Users come first, and a provider that is away for a moment is waited for. */
    private ValuePage patiently(Namespace namespace, @Nullable Key after) throws ApiError, InterruptedException {
        long deadline = time.nanos() + PATIENCE_NANOS;
        while (true) {
            try {
                ValuePage page = page(namespace, after);
                if (page.confirmed() || unsurePauses >= MOST_UNSURE_PAUSES) {
                    return page;
                }
                // A provider that was late for a moment is back soon; one that is dead is not waited for at every page.
                unsurePauses++;
                time.sleep(PAUSE_NANOS);
            } catch (ApiError refused) {
                if (time.nanos() - deadline >= 0) {
                    throw refused;
                }
                time.sleep(PAUSE_NANOS);
            }
        }
    }

    private ValuePage page(Namespace namespace, @Nullable Key after) throws ApiError {
        return switch (store.list(namespace.id(), ALL, after, Limits.LIST_PAGE)) {
            case Listing.Unavailable unavailable ->
                throw ApiError.unavailable("not-listed", unavailable.why().sentence(), 1);
            case Listing.Keys keys -> ValuePage.read(store, namespace.id(), keys, WIDTH, time);
        };
    }
}
