package dev.holdfast.server.v1;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Listing;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.api.Json;
import dev.holdfast.server.audit.AuditEntry;
import dev.holdfast.server.audit.AuditLog;
import dev.holdfast.server.http.BodyFault;
import dev.holdfast.server.http.Call;
import dev.holdfast.server.http.Permission;
import dev.holdfast.server.v1.ImportBatch.Fate;
import dev.holdfast.server.v1.ImportBatch.OnConflict;
import dev.holdfast.server.v1.Rooms.Entered;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /v1/namespaces/{ns}/import}: lines of an export, as many in one request as its body may have. {@code POST} begins an import, which keeps
 * versions if the namespace is empty (DESIGN rule 26); {@code PUT} writes lines; {@code DELETE} ends it.
 */
final class ImportCalls {
    /** The longest line there can be: a value of 25 MiB in base64, and as much again for others beside it. */
    static final int BODY_BYTES = 48 << 20;

    /** Bodies are held in memory, and again in pieces. */
    private static final int BODIES_AT_ONCE = 8;

    private final Semaphore bodies = new Semaphore(BODIES_AT_ONCE);
    private final Store store;
    private final Optional<Marks> marks;
    private final Rooms rooms;
    private final AuditLog audit;
    private final Time time;

    /** Who writes at versions of long ago, and who would undo that. */
    record Marks(ImportMarks imports, Restoring restores) {}

    /** @param marks empty at an edge, which imports nothing */
    ImportCalls(Store store, Optional<Marks> marks, Rooms rooms, AuditLog audit, Time time) {
        this.store = store;
        this.marks = marks;
        this.rooms = rooms;
        this.audit = audit;
        this.time = time;
    }

    void answer(Call call, String named) throws ApiError, BodyFault {
        switch (call.method()) {
            case "POST" -> begin(call, named);
            case "PUT" -> lines(call, named);
            case "DELETE" -> end(call, named);
            default -> throw ApiError.method(call, "POST, PUT, DELETE");
        }
    }

    private Marks marks() throws ApiError {
        return marks.orElseThrow(
                () -> new ApiError(503, "not-kept", "This node is an edge; namespaces are imported at an origin."));
    }

    private void begin(Call call, String named) throws ApiError {
        Entered room = rooms.enterOpen(call, named, Permission.WRITE);
        Marks kept = marks();
        boolean empty = empty(room.namespace());
        boolean dryRun = KeyCalls.flag(call, "dry_run");
        Version at = oldest(room.namespace());
        Optional<String> id =
                empty && !dryRun ? kept.imports().begin(room.namespace().id()) : Optional.empty();
        if (id.isPresent()) {
            begunBeside(kept, room.namespace(), id.get());
        }
        boolean keeps = empty && (dryRun || id.isPresent());
        if (!dryRun) {
            audit.write(AuditEntry.of(
                    call,
                    room.grant(),
                    AuditEntry.Action.KEYS_IMPORT,
                    room.namespace().id().toString(),
                    keeps ? "begun; versions are kept" : "begun; every line is stamped anew"));
        }
        ObjectNode body = Json.object();
        body.put("import", id.orElse(null));
        body.put("keeps_versions", keeps).put("at", at.toString());
        Json.answer(call, 200, body);
    }

    /** A restore that has begun before sees no import, so this one has to give way. */
    private static void begunBeside(Marks kept, Namespace namespace, String id) throws ApiError {
        try {
            kept.restores().requireNone(namespace.id());
        } catch (ApiError restored) {
            kept.imports().end(namespace.id(), id);
            throw restored;
        }
    }

    /**
     * A version older than all that was ever written or deleted here, as far as that is still known: below the collection floor nothing new is
     * taken. Of a key that was never there, the absence is as of the floor.
     */
    private Version oldest(Namespace namespace) throws ApiError {
        Version born = Version.atMillis(namespace.createdAt());
        Key nobodys =
                Key.of("nobody's/" + HexFormat.of().toHexDigits(time.random().nextLong()));
        Store.Explanation told = store.explain(namespace.id(), nobodys);
        Store.Refusal refused = told.refused();
        if (refused != null) {
            throw Outcomes.refused(refused);
        }
        return told.answer() instanceof Answer.Missing(Version floor, var _) && floor.newerThan(born)
                ? new Version(floor.bits() + 1)
                : born;
    }

    /** As far as anybody can vouch for it. */
    private boolean empty(Namespace namespace) throws ApiError {
        return switch (store.list(namespace.id(), new byte[0], null, 1)) {
            case Listing.Keys page -> page.keys().isEmpty() && page.next() == null && page.confirmed();
            case Listing.Unavailable unavailable -> throw Outcomes.refused(unavailable.why());
        };
    }

    private void lines(Call call, String named) throws ApiError, BodyFault {
        Entered room = rooms.enterOpen(call, named, Permission.WRITE);
        Namespace namespace = room.namespace();
        Marks kept = marks();
        OnConflict onConflict = onConflict(call.query().get("on_conflict"));
        boolean dryRun = KeyCalls.flag(call, "dry_run");
        String id = call.query().get("import");
        boolean keeps = dryRun ? empty(namespace) : id != null;
        ImportBatch batch = new ImportBatch(store, namespace, onConflict, keeps, dryRun, time);
        boolean versions = KeyCalls.flag(call, "versions");
        List<ImportLine> read = run(call, batch, new Permit(kept, namespace, id, dryRun));
        ObjectNode answer = Json.object().put("lines", read.size());
        for (Fate fate : Fate.values()) {
            answer.put(fate.name().toLowerCase(Locale.ROOT), batch.count(fate));
        }
        if (versions) {
            ArrayNode list = answer.putArray("versions");
            for (ImportLine line : read) {
                Version at = batch.written(line.key());
                list.add(at == null ? null : at.toString());
            }
        }
        Json.answer(call, 200, answer);
    }

    /** Whether lines may be written at old versions, which has to hold before and after: only then is what was written acknowledged. */
    private record Permit(
            Marks kept, Namespace namespace, @Nullable String id, boolean dryRun) {
        void require(List<ImportLine> lines) throws ApiError {
            if (id != null && !kept.imports().open(namespace.id(), id)) {
                throw new ApiError(
                        409, "import-over", "This import has ended, or another one has begun since. Begin it again.");
            }
            if (!dryRun && (id != null || lines.stream().anyMatch(line -> line.replaces() != null))) {
                kept.restores().requireNone(namespace.id());
            }
        }
    }

    private List<ImportLine> run(Call call, ImportBatch batch, Permit permit) throws ApiError, BodyFault {
        if (!bodies.tryAcquire()) {
            throw ApiError.unavailable("busy", "Other imports are under way at this node. Try again.", 1);
        }
        try {
            List<ImportLine> lines = ImportLine.parse(call.body(BODY_BYTES));
            permit.require(lines);
            batch.run(lines);
            permit.require(lines);
            return lines;
        } finally {
            bodies.release();
        }
    }

    private static OnConflict onConflict(@Nullable String text) throws ApiError {
        return switch (text) {
            case null -> OnConflict.OVERWRITE;
            case "overwrite" -> OnConflict.OVERWRITE;
            case "skip" -> OnConflict.SKIP;
            case "newer" -> OnConflict.NEWER;
            default ->
                throw ApiError.badRequest(
                        "bad-conflict", "on_conflict must be overwrite, skip or newer, not \"" + text + "\".");
        };
    }

    /** Nothing more is written at a version of its own after this. */
    private void end(Call call, String named) throws ApiError {
        Entered room = rooms.enterOpen(call, named, Permission.WRITE);
        String id = call.query().get("import");
        if (id == null) {
            throw ApiError.badRequest("no-import", "Say which import ends: ?import=ID.");
        }
        boolean ended = marks().imports().end(room.namespace().id(), id);
        audit.write(AuditEntry.of(
                call,
                room.grant(),
                AuditEntry.Action.KEYS_IMPORT,
                room.namespace().id().toString(),
                ended ? "ended" : "over already"));
        Json.answer(call, 200, Json.object().put("ended", ended));
    }
}
