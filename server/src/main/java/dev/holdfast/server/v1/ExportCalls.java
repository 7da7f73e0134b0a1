package dev.holdfast.server.v1;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Limits;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.Store.Listed;
import dev.holdfast.engine.replication.Store.Listing;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.api.Access;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.audit.AuditEntry;
import dev.holdfast.server.audit.AuditLog;
import dev.holdfast.server.http.AnswerStream;
import dev.holdfast.server.http.Call;
import dev.holdfast.server.http.Permission;
import dev.holdfast.server.v1.Rooms.Entered;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code /v1/namespaces/{ns}/export}: every live key of a namespace, a line each, in the order of keys. It begins to list after the request
 * has come and reads each key as a confirmed read does, so that it has all that was acknowledged before (DESIGN rule 26). A page at a time is
 * in memory, and each asks anew for its turn.
 */
final class ExportCalls {
    /** Reads under way at once: less than a page of values takes, since nobody waits in front of a screen. */
    private static final int WIDTH = 16;

    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final long PAUSE_NANOS = 1_000_000_000L;
    private static final int MOST_A_SECOND = 1_000_000;

    private final Store store;
    private final Rooms rooms;
    private final AuditLog audit;
    private final Time time;

    /** @param store not the near one: whoever goes through all keys must not fill the cache with them */
    ExportCalls(Store store, Rooms rooms, AuditLog audit, Time time) {
        this.store = store;
        this.rooms = rooms;
        this.audit = audit;
        this.time = time;
    }

    /**
     * What is asked for.
     *
     * @param perSecond keys; 0 for as fast as it goes
     */
    private record Wish(String named, byte[] prefix, boolean values, int perSecond) {
        int page() {
            return perSecond == 0 ? Limits.LIST_PAGE : Math.min(perSecond, Limits.LIST_PAGE);
        }
    }

    /** @param values null for none */
    private record Part(
            List<Listed> listed,
            @Nullable ValuePage values,
            @Nullable Key next,
            boolean confirmed) {}

    void answer(Call call, String named) throws ApiError {
        if (!call.method().equals("GET")) {
            throw ApiError.method(call, "GET");
        }
        Entered room = enter(call, named);
        long began = time.wallMillis();
        Wish wish = new Wish(named, KeyCalls.prefix(call), KeyCalls.flag(call, "values", true), perSecond(call));
        // Before the answer begins, so that a refusal is one.
        Part first = part(room, wish, after(call));
        audit.write(AuditEntry.of(
                call,
                room.grant(),
                AuditEntry.Action.KEYS_EXPORT,
                room.namespace().id().toString(),
                "begun"));
        boolean compressed = acceptsGzip(call);
        AnswerStream stream = call.stream("application/x-ndjson");
        if (stream == null) {
            throw new ApiError(503, "busy", "As many streams are open as the server bears; try again.");
        }
        if (compressed) {
            call.answerHeader("Content-Encoding", "gzip");
        }
        try (stream) {
            Export export = new Export(stream, compressed);
            export.line(ExportLine.header(room.namespace(), began, wish.prefix(), wish.values()));
            all(call, wish, first, export);
        } catch (InterruptedException e) {
            // The server stops; the client sees that the last line is missing, and goes on elsewhere.
            Thread.currentThread().interrupt();
        } catch (IOException gone) {
            return;
        }
    }

    private void all(Call call, Wish wish, Part first, Export export) throws IOException, InterruptedException {
        long begin = time.nanos();
        Part part = first;
        while (true) {
            write(part, export);
            Key next = part.next();
            if (next == null) {
                export.end();
                return;
            }
            if (wish.perSecond() > 0) {
                export.flush();
                long due = begin + export.keys() * 1_000_000_000L / wish.perSecond();
                time.sleep(Math.max(0, due - time.nanos()));
            }
            try {
                part = patiently(call, wish, next);
            } catch (ApiError refused) {
                export.fail(ExportLine.error(refused.code(), String.valueOf(refused.getMessage())));
                return;
            }
        }
    }

    private static void write(Part part, Export export) throws IOException, InterruptedException {
        if (!part.confirmed()) {
            export.unconfirmed();
        }
        if (part.values() == null) {
            for (Listed listed : part.listed()) {
                export.key(ExportLine.of(listed), part.confirmed());
            }
            return;
        }
        for (ValuePage.Entry entry : part.values().entries()) {
            export.key(ExportLine.of(entry.key(), entry.record()), part.confirmed());
        }
    }

    /** Users come first, and a provider that is away for a moment is waited for. */
    private Part patiently(Call call, Wish wish, Key after) throws ApiError, InterruptedException {
        long deadline = time.nanos() + PATIENCE_NANOS;
        while (true) {
            try {
                return part(enter(call, wish.named()), wish, after);
            } catch (ApiError refused) {
                boolean passes = refused.status() == 503 || refused.status() == 429;
                if (!passes || time.nanos() - deadline >= 0) {
                    throw refused;
                }
                time.sleep(PAUSE_NANOS);
            }
        }
    }

    private Part part(Entered room, Wish wish, @Nullable Key after) throws ApiError {
        return switch (store.list(room.namespace().id(), wish.prefix(), after, wish.page())) {
            case Listing.Unavailable unavailable -> throw Outcomes.refused(unavailable.why());
            case Listing.Keys page
            when wish.values() -> {
                ValuePage values = ValuePage.read(store, room.namespace().id(), page, WIDTH, time);
                yield new Part(List.of(), values, values.next(), values.confirmed());
            }
            case Listing.Keys page -> new Part(page.keys(), null, page.next(), page.confirmed());
        };
    }

    private Entered enter(Call call, String named) throws ApiError {
        Entered room = rooms.enterOpen(call, named, Permission.READ);
        Access.require(room.grant(), Permission.LIST, room.namespace().id());
        return room;
    }

    private static boolean acceptsGzip(Call call) {
        String accepted = call.header("Accept-Encoding");
        return accepted != null && accepted.matches("(?i).*\\bgzip\\b(?!\\s*;\\s*q=0(\\.0*)?\\s*(,|$)).*");
    }

    private static @Nullable Key after(Call call) throws ApiError {
        String after = call.query().get("after");
        try {
            return after == null ? null : Key.of(after);
        } catch (IllegalArgumentException e) {
            throw ApiError.badRequest("bad-key", "after: " + e.getMessage());
        }
    }

    private static int perSecond(Call call) throws ApiError {
        String text = call.query().get("keys_per_second");
        if (text == null) {
            return 0;
        }
        int rate = text.matches("[0-9]{1,7}") ? Integer.parseInt(text) : 0;
        if (rate < 1 || rate > MOST_A_SECOND) {
            throw ApiError.badRequest(
                    "bad-rate",
                    "keys_per_second must be a whole number from 1 to " + MOST_A_SECOND + ", not \"" + text + "\".");
        }
        return rate;
    }
}
