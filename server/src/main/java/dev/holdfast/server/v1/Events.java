package dev.holdfast.server.v1;

import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.replication.ChangeLog.Change;
import dev.holdfast.engine.replication.ChangeLog.Position;
import dev.holdfast.engine.replication.Point;
import dev.holdfast.server.api.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Writes changes as server-sent events. Used by one thread. */
final class Events {
    private static final byte[] CATALOGUE = "catalogue/".getBytes(StandardCharsets.UTF_8);

    private final Predicate<NamespaceId> anywhere;
    private final String node;
    private final @Nullable NamespaceId only;
    private final byte[] prefix;
    private final StringBuilder text = new StringBuilder();

    /**
     * @param only the namespace of which changes are shown; null for all, each then with its namespace
     * @param prefix of the keys that are shown
     * @param anywhere whether records of a namespace may be told to every node
     */
    Events(String node, @Nullable NamespaceId only, byte[] prefix, Predicate<NamespaceId> anywhere) {
        this.node = node;
        this.anywhere = anywhere;
        this.only = only;
        this.prefix = prefix;
    }

    void change(Change change) {
        NamespaceId namespace = change.namespace();
        if (only == null && namespace.reserved()) {
            if (namespace.equals(NamespaceId.SYSTEM) && change.key().startsWith(CATALOGUE)) {
                event(change.at(), "catalogue", Json.object());
            }
            return;
        }
        if ((only == null || only.equals(namespace)) && change.key().startsWith(prefix)) {
            event(change.at(), "change", data(change));
        }
    }

    void gap(Position resumeAt, String why) {
        event(resumeAt, "gap", Json.object().put("why", why));
    }

    /**
     * @param sentNanos how long after the request had come this was found
     * @param behindNanos how long before that all that was told up to here was all that there was
     * @param wallMillis what this node's clock showed after that
     * @param through the nodes that it was heard from
     */
    void heartbeat(Position at, long sentNanos, long behindNanos, long wallMillis, Set<String> through) {
        // Cut off here and rounded up there: nothing may seem younger than it is.
        ObjectNode data = Json.object().put("sent_ms", sentNanos / 1_000_000);
        if (behindNanos > 0) {
            data.put("behind_ms", (behindNanos + 999_999) / 1_000_000);
        }
        if (only == null) {
            // For other nodes, which compare it with their own.
            data.put("wall_ms", wallMillis);
        }
        if (only == null && !through.isEmpty()) {
            // For other nodes, which must not be told of what they have told.
            through.stream().sorted().forEach(data.putArray("through")::add);
        }
        event(at, "heartbeat", data);
    }

    /** The stream ends here for good: who comes again is refused. */
    void end(Position at, String code, String why) {
        event(at, "end", Json.object().put("code", code).put("why", why));
    }

    /** What was written since the last call. */
    byte[] take() {
        byte[] taken = text.toString().getBytes(StandardCharsets.UTF_8);
        text.setLength(0);
        return taken;
    }

    boolean empty() {
        return text.isEmpty();
    }

    private void event(Position at, String kind, ObjectNode data) {
        text.append("id: ").append(new Point(node, at)).append('\n');
        text.append("event: ").append(kind).append('\n');
        text.append("data: ").append(data).append("\n\n");
    }

    private ObjectNode data(Change change) {
        ObjectNode data = Json.object();
        data.put("key", change.key().toString()).put("version", change.version().toString());
        Record record = change.record();
        if (only == null) {
            // For other nodes, byte for byte.
            data.put("namespace", change.namespace().toString());
            // Who is told may be where it may not lie; whoever may have it asks for it.
            if (record != null && anywhere.test(change.namespace())) {
                byte[] encoded = RecordFormat.encode(change.namespace(), change.key(), record);
                data.put("record", Base64.getEncoder().encodeToString(encoded));
            }
            return data;
        }
        if (record == null) {
            return data;
        }
        data.put("deleted", record.tombstone());
        if (record.tombstone()) {
            return data;
        }
        if (record.expiration() != Record.NEVER) {
            data.put("expiration", record.expiration());
        }
        KeyCalls.metadata(data, record.metadata());
        data.put("size", record.value().length);
        try {
            data.put(
                    "value",
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(record.value()))
                            .toString());
        } catch (CharacterCodingException e) {
            data.put("value_base64", Base64.getEncoder().encodeToString(record.value()));
        }
        return data;
    }
}
