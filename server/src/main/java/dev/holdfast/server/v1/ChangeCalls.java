package dev.holdfast.server.v1;

import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.ChangeLog;
import dev.holdfast.engine.replication.ChangeLog.Page;
import dev.holdfast.engine.replication.ChangeLog.Position;
import dev.holdfast.engine.replication.Point;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.api.Access;
import dev.holdfast.server.api.ApiError;
import dev.holdfast.server.api.Via;
import dev.holdfast.server.http.AnswerStream;
import dev.holdfast.server.http.Call;
import dev.holdfast.server.http.Permission;
import dev.holdfast.server.v1.Rooms.Entered;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code /v1/namespaces/{ns}/watch} and {@code /v1/feed}: changes as they happen, as server-sent events. */
final class ChangeCalls {
    private static final int PAGE = 256;
    private static final long SECOND = 1_000_000_000;
    private static final int LONGEST_HEARTBEAT = 60;
    private static final long CHECK_NANOS = 5 * SECOND;
    private static final Pattern SECONDS = Pattern.compile("([0-9]{1,2})s");

    private final ChangeLog log;
    private final Rooms rooms;
    private final Via via;
    private final Predicate<NamespaceId> anywhere;
    private final Time time;

    /** @param anywhere whether records of a namespace may be told to every node */
    ChangeCalls(ChangeLog log, Rooms rooms, Via via, Predicate<NamespaceId> anywhere, Time time) {
        this.anywhere = anywhere;
        this.log = log;
        this.rooms = rooms;
        this.via = via;
        this.time = time;
    }

    /** Looks whether the caller may see what it is shown. */
    private interface Check {
        void pass() throws ApiError;
    }

    void watch(Call call, String named) throws ApiError {
        requireGet(call);
        Entered room = enter(call, named);
        byte[] prefix = KeyCalls.prefix(call);
        show(
                call,
                new Events(log.node(), room.namespace().id(), prefix, anywhere),
                () -> enter(call, named),
                CHECK_NANOS);
    }

    private Entered enter(Call call, String named) throws ApiError {
        Entered room = rooms.enterOpen(call, named, Permission.READ);
        Access.require(room.grant(), Permission.LIST, room.namespace().id());
        return room;
    }

    void feed(Call call) throws ApiError {
        requireGet(call);
        Check check = () -> {
            Access.requireEverywhere(rooms.grant(call), Permission.READ);
            via.pass(call);
        };
        check.pass();
        show(call, new Events(log.node(), null, new byte[0], anywhere), check, SECOND);
    }

    private static void requireGet(Call call) throws ApiError {
        if (!call.method().equals("GET")) {
            throw ApiError.method(call, "GET");
        }
    }

    /** @param checkNanos how often it is looked again */
    private void show(Call call, Events events, Check check, long checkNanos) throws ApiError {
        long came = time.nanos();
        long heartbeat = heartbeat(call);
        Optional<Point> since = since(call);
        AnswerStream stream = call.stream("text/event-stream");
        if (stream == null) {
            throw new ApiError(503, "busy", "As many streams are open as the server bears; try again.");
        }
        try (stream) {
            follow(stream, begin(since, came, events), events, new Pace(came, heartbeat, checkNanos), check);
        } catch (InterruptedException e) {
            // The server stops; the client comes again with the id of the last event.
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // The client is gone.
            return;
        }
    }

    /**
     * Says first where the stream begins: who resumes from another node's id, or from none, needs to know. Who has something to be told
     * first is told that: an edge takes a heartbeat for all that there is.
     */
    private Position begin(Optional<Point> since, long came, Events events) {
        long sent = time.nanos() - came;
        long behind = log.behindNanos();
        Position newest = log.newest();
        Position begin = newest;
        if (since.isPresent() && since.get().node().equals(log.node())) {
            begin = since.get().at();
        } else if (since.isPresent()) {
            events.gap(begin, "The id is one of node " + since.get().node() + ", and this is node " + log.node() + ".");
        }
        if (begin.equals(newest)) {
            events.heartbeat(begin, sent, behind, time.wallMillis(), log.through());
        }
        return begin;
    }

    /**
     * @param came when the request did
     * @param heartbeat from one to the next
     * @param check from one look at whether the caller may still see it to the next
     */
    private record Pace(long came, long heartbeat, long check) {}

    private void follow(AnswerStream stream, Position begin, Events events, Pace pace, Check check)
            throws IOException, InterruptedException {
        Position at = begin;
        // Who goes on from an id, and is told something first, hears that all has been told as soon as it has.
        long beatAt = time.nanos() + (events.empty() ? 0 : pace.heartbeat());
        if (!events.empty()) {
            stream.write(events.take());
        }
        long checkAt = time.nanos() + pace.check();
        while (true) {
            long wait = Math.min(beatAt, checkAt) - time.nanos();
            switch (log.read(at, PAGE, Math.max(0, wait))) {
                case Page.Changes(var changes, Position next) -> {
                    changes.forEach(events::change);
                    at = next;
                }
                case Page.Gap(Position resumeAt, String why) -> {
                    events.gap(resumeAt, why);
                    at = resumeAt;
                }
            }
            long now = time.nanos();
            if (now - checkAt >= 0) {
                try {
                    check.pass();
                } catch (ApiError refusal) {
                    events.end(at, refusal.code(), String.valueOf(refusal.getMessage()));
                    stream.write(events.take());
                    return;
                }
                checkAt = now + pace.check();
            }
            // Before the rest: what they say may be of any moment after this.
            long sent = time.nanos() - pace.came();
            long behind = log.behindNanos();
            if (now - beatAt >= 0 && at.compareTo(log.newest()) >= 0) {
                events.heartbeat(at, sent, behind, time.wallMillis(), log.through());
                beatAt = now + pace.heartbeat();
            }
            if (!events.empty()) {
                stream.write(events.take());
            }
        }
    }

    /** What a browser sends by itself when it comes again wins over what stands in the address. */
    private static Optional<Point> since(Call call) throws ApiError {
        String last = call.header("Last-Event-ID");
        String text = last == null || last.isEmpty() ? call.query().get("since") : last;
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Point.parse(text));
        } catch (IllegalArgumentException e) {
            throw ApiError.badRequest("bad-since", "\"" + text + "\" is not the id of an event.");
        }
    }

    private static long heartbeat(Call call) throws ApiError {
        String text = call.query().get("heartbeat");
        if (text == null) {
            return SECOND;
        }
        Matcher seconds = SECONDS.matcher(text);
        int every = seconds.matches() ? Integer.parseInt(seconds.group(1)) : 0;
        if (every < 1 || every > LONGEST_HEARTBEAT) {
            throw ApiError.badRequest(
                    "bad-heartbeat", "heartbeat must be 1s to " + LONGEST_HEARTBEAT + "s, not \"" + text + "\".");
        }
        return every * SECOND;
    }
}
