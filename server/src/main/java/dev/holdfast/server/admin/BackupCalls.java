package dev.holdfast.server.admin;

import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.catalogue.Namespaces;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.api.Fields;
import dev.holdfast.server.api.Json;
import dev.holdfast.server.audit.AuditEntry;
import dev.holdfast.server.audit.AuditEntry.Action;
import dev.holdfast.server.audit.AuditLog;
import dev.holdfast.server.backup.Backups;
import dev.holdfast.server.backup.Backups.Kind;
import dev.holdfast.server.backup.Wish;
import dev.holdfast.server.http.BodyFault;
import dev.holdfast.server.http.Call;
import dev.holdfast.server.http.Grant;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** {@code /v1/backups} and {@code /v1/restore}: what is backed up, and putting it back. */
final class BackupCalls {
    private static final int BODY_BYTES = 16 * 1024;

    private final Node node;
    private final Namespaces namespaces;
    private final AuditLog audit;
    private final Time time;

    BackupCalls(Node node, Namespaces namespaces, AuditLog audit, Time time) {
        this.node = node;
        this.namespaces = namespaces;
        this.audit = audit;
        this.time = time;
    }

    private Backups backups() throws ApiError {
        return node.backups()
                .orElseThrow(() -> new ApiError(
                        404,
                        "no-backups",
                        "This node makes no backups: backup.directory in its configuration says where they"
                                + " would lie."));
    }

    void all(Call call, Grant grant) throws ApiError, IOException {
        switch (call.method()) {
            case "GET" -> Json.answer(call, 200, read(() -> backups().all()));
            case "POST" -> {
                // One that is under way has not all that was acknowledged before this call.
                begun(backups().backup(), "A full backup is under way already; wait for its end.");
                audit.write(AuditEntry.of(call, grant, Action.BACKUP_RUN, "all namespaces", "begun"));
                Json.answer(call, 202, backups().jobs());
            }
            default -> throw ApiError.method(call, "GET, POST");
        }
    }

    void jobs(Call call) throws ApiError {
        StatusCalls.requireGet(call);
        Json.answer(call, 200, backups().jobs());
    }

    void verify(Call call) throws ApiError {
        if (!call.method().equals("POST")) {
            throw ApiError.method(call, "POST");
        }
        begun(backups().verify(), "Backups are being verified already.");
        Json.answer(call, 202, backups().jobs());
    }

    void one(Call call, String id) throws ApiError {
        StatusCalls.requireGet(call);
        Json.answer(
                call,
                200,
                read(() -> backups()
                        .one(id)
                        .orElseThrow(() ->
                                new ApiError(404, "backup-not-found", "There is no full backup \"" + id + "\"."))));
    }

    void restore(Call call, Grant grant) throws ApiError, BodyFault {
        switch (call.method()) {
            case "POST" -> {
                Wish wish = wish(call);
                begun(backups().restore(wish), "A restore is under way already; DELETE /v1/restore stops it.");
                audit.write(AuditEntry.of(
                        call,
                        grant,
                        Action.KEYS_RESTORE,
                        wish.from() + " to " + Instant.ofEpochMilli(wish.to()) + " into "
                                + wish.into().id(),
                        wish.dryRun() ? "begun, a dry run" : "begun"));
                Json.answer(call, 202, backups().jobs());
            }
            case "DELETE" -> {
                backups().stop(Kind.RESTORE);
                Json.answer(call, 200, backups().jobs());
            }
            default -> throw ApiError.method(call, "POST, DELETE");
        }
    }

    private static void begun(boolean begun, String otherwise) throws ApiError {
        if (!begun) {
            throw new ApiError(409, "under-way", otherwise);
        }
    }

    private Wish wish(Call call) throws ApiError, BodyFault {
        Fields fields = Fields.of(call.body(BODY_BYTES));
        String from = fields.text("namespace");
        String prefix = fields.textOrNull("prefix");
        long to = to(fields.text("to"));
        String into = fields.textOrNull("into");
        Boolean dryRun = fields.booleanOrNull("dry_run");
        Boolean gaps = fields.booleanOrNull("accept_gaps");
        Boolean anew = fields.booleanOrNull("anew");
        fields.noOthers();
        Namespace target = namespaces
                .called(node.account(), into == null ? from : into)
                .orElseThrow(() -> noSuch(into == null ? from : into));
        return new Wish(
                id(from),
                prefix == null ? "" : prefix,
                to,
                target,
                Boolean.TRUE.equals(dryRun),
                Boolean.TRUE.equals(gaps),
                Boolean.TRUE.equals(anew));
    }

    /** By its id also one that is there no more. */
    private NamespaceId id(String named) throws ApiError {
        Optional<Namespace> known = namespaces.called(node.account(), named);
        if (known.isPresent()) {
            return known.get().id();
        }
        try {
            return NamespaceId.parse(named);
        } catch (IllegalArgumentException neither) {
            throw noSuch(named);
        }
    }

    private static ApiError noSuch(String named) {
        return new ApiError(404, "namespace-not-found", "There is no namespace \"" + named + "\".");
    }

    private long to(String text) throws ApiError {
        long to;
        try {
            to = Instant.parse(text).toEpochMilli();
        } catch (DateTimeParseException | ArithmeticException wrong) {
            throw Fields.bad("to", "must be a moment such as 2026-11-27T14:05:00Z");
        }
        if (to > time.wallMillis()) {
            throw Fields.bad("to", "must not lie in the future");
        }
        return to;
    }

    /** What needs the directory. */
    private interface Reading<T> {
        T read() throws IOException, ApiError;
    }

    private static <T> T read(Reading<T> reading) throws ApiError {
        try {
            return reading.read();
        } catch (IOException unreadable) {
            throw ApiError.unavailable("backups-unreadable", "The backups cannot be read: " + unreadable, 1);
        }
    }
}
