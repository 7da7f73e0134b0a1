package dev.holdfast.client;

import dev.holdfast.client.cache.Fill;
import dev.holdfast.client.cache.Known;
import dev.holdfast.client.cache.NearCache;
import dev.holdfast.client.cache.Place;
import dev.holdfast.client.transport.Deadline;
import dev.holdfast.client.transport.Response;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes of keys, and what the near cache learns from them before the writer hears of it. Thread-safe. */
final class Writing {
    private final Calls calls;
    private final @Nullable NearCache cache;
    private final Written written;
    private final Reading reading;

    Writing(Calls calls, @Nullable NearCache cache, Written written, Reading reading) {
        this.calls = calls;
        this.cache = cache;
        this.written = written;
        this.reading = reading;
    }

    Receipt put(Place place, byte[] value, PutOptions options, Duration within) {
        Map<String, String> headers = conditional(options.condition());
        headers.put("Content-Type", "application/octet-stream");
        String metadata = options.metadata() == null ? "" : Json.ascii(options.metadata());
        if (!metadata.isEmpty()) {
            headers.put("Holdfast-Metadata", metadata);
        }
        Sent sent = send("PUT", place, lifetime(options), headers, BodyPublishers.ofByteArray(value), within);
        learned(
                sent,
                place,
                new Known(
                        sent.receipt.version().hex(),
                        true,
                        value,
                        metadata,
                        expiration(options, sent.at),
                        "",
                        true,
                        sent.at));
        return sent.receipt;
    }

    Receipt delete(Place place, Condition condition, Duration within) {
        if (condition instanceof Condition.Absent) {
            throw new IllegalArgumentException("what is absent can't be deleted");
        }
        Sent sent = send("DELETE", place, "", conditional(condition), BodyPublishers.noBody(), within);
        learned(sent, place, Known.absent(sent.receipt.version().hex(), "", true, sent.at));
        return sent.receipt;
    }

    /** @param at milliseconds since 1970 when it was sent */
    private record Sent(Receipt receipt, long at, @Nullable Fill fill) {}

    private Sent send(
            String method,
            Place place,
            String query,
            Map<String, String> headers,
            BodyPublisher body,
            Duration within) {
        long at = calls.time().wallMillis();
        Fill fill = cache == null ? null : cache.begin(place);
        boolean acknowledged = false;
        try {
            Response<byte[]> response = calls.write(
                    method, Paths.value(place) + query, headers, body, Deadline.after(calls.time(), within));
            Sent sent = new Sent(Answers.receipt(response), at, fill);
            acknowledged = true;
            return sent;
        } catch (HoldfastException.UnknownOutcome unknown) {
            outdated(place, "");
            throw unknown;
        } catch (HoldfastException.ConditionFailed failed) {
            outdated(place, failed.current().map(Version::hex).orElse(""));
            throw failed;
        } finally {
            if (cache != null && fill != null && !acknowledged) {
                cache.giveUp(fill);
            }
        }
    }

    private void learned(Sent sent, Place place, Known now) {
        written.wrote(place, now.version(), !now.present());
        if (cache != null && sent.fill != null) {
            cache.wrote(sent.fill, now);
        }
        reading.wrote(place);
    }

    private void outdated(Place place, String version) {
        if (cache != null) {
            cache.outdated(place, version);
        }
        reading.wrote(place);
    }

    private static Map<String, String> conditional(Condition condition) {
        Map<String, String> headers = new HashMap<>();
        switch (condition) {
            case Condition.None() -> {
                // The newest write wins.
            }
            case Condition.Absent() -> headers.put("If-None-Match", "*");
            case Condition.Present() -> headers.put("If-Match", "*");
            case Condition.At(Version version) -> headers.put("If-Match", "\"" + version + "\"");
        }
        return headers;
    }

    private static String lifetime(PutOptions options) {
        Duration lifetime = options.lifetime();
        if (lifetime != null) {
            return "?expiration_ttl=" + lifetime.toSeconds();
        }
        Instant expiration = options.expiration();
        return expiration == null ? "" : "?expiration=" + expiration.getEpochSecond();
    }

    private static long expiration(PutOptions options, long at) {
        Duration lifetime = options.lifetime();
        if (lifetime != null) {
            // By the clock of the server, give or take; a read says it exactly.
            return Math.floorDiv(at, 1000L) + lifetime.toSeconds();
        }
        Instant expiration = options.expiration();
        return expiration == null ? Known.NEVER : expiration.getEpochSecond();
    }
}
