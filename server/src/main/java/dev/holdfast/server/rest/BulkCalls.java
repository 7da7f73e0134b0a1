package dev.holdfast.server.rest;

import dev.holdfast.engine.edge.NearStore;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Limits;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.compat.BulkGet;
import dev.holdfast.server.compat.Codes;
import dev.holdfast.server.compat.Json;
import dev.holdfast.server.compat.Reads;
import dev.holdfast.server.compat.Refused;
import dev.holdfast.server.compat.Writes;
import dev.holdfast.server.http.BodyFault;
import dev.holdfast.server.http.Call;
import java.util.concurrent.Semaphore;
import tools.jackson.core.JsonGenerator;

/** Many keys in one request. A body is checked to its end before the first key is written. */
final class BulkCalls {
    /** Bodies of 100 MB are held in memory, and again in pieces. */
    private static final int AT_ONCE = 8;

    private static final int GET_BODY_BYTES = 1024 * 1024;

    private final Semaphore underWay = new Semaphore(AT_ONCE);
    private final Writes writes;
    private final BulkGet bulkGet;
    private final Time time;

    BulkCalls(NearStore store, Reads reads, Time time) {
        this.writes = new Writes(store, time);
        this.bulkGet = new BulkGet(reads, time);
        this.time = time;
    }

    private interface Work {
        Writes.Outcome run(byte[] body) throws Refused;
    }

    void put(Call call, Namespace namespace) throws Refused, BodyFault {
        write(call, body -> {
            long now = Math.floorDiv(time.wallMillis(), 1000);
            return writes.putAll(namespace, BulkBody.items(body, now));
        });
    }

    void delete(Call call, Namespace namespace) throws Refused, BodyFault {
        write(call, body -> writes.deleteAll(namespace, BulkBody.keys(body)));
    }

    private void write(Call call, Work work) throws Refused, BodyFault {
        if (!underWay.tryAcquire()) {
            throw new Refused(
                    429,
                    Codes.TOO_MANY_BULK_REQUESTS,
                    "Too many bulk operations already in progress."
                            + " Please wait until one completes before retrying.");
        }
        Writes.Outcome outcome;
        try {
            outcome = work.run(call.body(Limits.BULK_WRITE_BYTES));
        } finally {
            underWay.release();
        }
        // Only now: a client that has its answer must find its place free.
        answer(call, outcome);
    }

    /**
     * wrangler does not look at {@code unsuccessful_keys}: a request of which a part failed is an error, so that nobody takes it
     * for done. It says what was written all the same.
     */
    private static void answer(Call call, Writes.Outcome outcome) {
        Json.Content result = json -> write(json, outcome);
        if (outcome.why() == null) {
            Envelope.result(call, result);
        } else {
            Envelope.error(call, outcome.why(), result, _ -> {});
        }
    }

    private static void write(JsonGenerator json, Writes.Outcome outcome) {
        json.writeStartObject();
        json.writeNumberProperty("successful_key_count", outcome.successful());
        json.writeName("unsuccessful_keys");
        json.writeStartArray();
        for (Key key : outcome.unsuccessful()) {
            json.writeString(key.toString());
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    void get(Call call, Namespace namespace) throws Refused, BodyFault {
        BulkGet.Request request = BulkGet.parse(call.body(GET_BODY_BYTES));
        Json.Content values = bulkGet.answer(namespace, request, true);
        Envelope.result(call, json -> {
            json.writeStartObject();
            json.writeName("values");
            values.write(json);
            json.writeEndObject();
        });
    }
}
