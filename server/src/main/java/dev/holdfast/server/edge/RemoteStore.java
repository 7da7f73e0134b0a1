package dev.holdfast.server.edge;

import dev.holdfast.client.transport.Repeat;
import dev.holdfast.client.transport.Request;
import dev.holdfast.client.transport.Response;
import dev.holdfast.client.transport.TransportFailure;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.ScrubStatus;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.StoreStatus;
import dev.holdfast.engine.replication.StoreStatus.ClockView;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.compat.Cursor;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The store of the origins, by their native API. What an origin refuses, or answers in a way that is not the API's, is no answer: never
 * an absence (promise P4). Thread-safe.
 */
public final class RemoteStore implements Store {
    static final String SOURCE = "origin";

    /** An expiration nearer than this is sent as a time from now, since an origin takes none that is nearer than 60 s. */
    private static final long NEAR_SECONDS = 120;

    private static final long LEAST_TTL_SECONDS = 60;

    private final Origins origins;
    private final Time time;
    private final Supplier<List<ClockView>> clocks;

    /** @param clocks those of the origins, as the feeds show them */
    public RemoteStore(Origins origins, Time time, Supplier<List<ClockView>> clocks) {
        this.origins = origins;
        this.time = time;
        this.clocks = clocks;
    }

    @Override
    public Answer get(NamespaceId namespace, Key key, ReadMode mode) {
        String asked = switch (mode) {
            case CACHED -> "cached";
            case CONFIRMED -> "confirmed";
            case FRESH -> "fresh";
        };
        try {
            return RemoteAnswers.read(send(Request.get(value(namespace, key) + "?age=millis&mode=" + asked)));
        } catch (TransportFailure failure) {
            return new Answer.Unavailable(RemoteAnswers.unreachable(failure));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer.Unavailable(RemoteAnswers.stopping());
        }
    }

    @Override
    public Written put(
            Namespace namespace, Key key, byte[] value, byte[] metadata, long expiration, Condition condition) {
        Map<String, String> headers = conditions(condition);
        if (metadata.length > 0) {
            headers.put("Holdfast-Metadata", new String(metadata, StandardCharsets.ISO_8859_1));
        }
        String path = value(namespace.id(), key) + expiring(expiration);
        return write(new Request("PUT", path, headers, BodyPublishers.ofByteArray(value), Repeat.IF_REFUSED));
    }

    private String expiring(long expiration) {
        if (expiration == Record.NEVER) {
            return "";
        }
        long left = expiration - Math.floorDiv(time.wallMillis(), 1000);
        return left < NEAR_SECONDS
                ? "?expiration_ttl=" + Math.max(LEAST_TTL_SECONDS, left)
                : "?expiration=" + expiration;
    }

    @Override
    public Written delete(Namespace namespace, Key key, Condition condition) {
        return write(new Request(
                "DELETE",
                value(namespace.id(), key),
                conditions(condition),
                BodyPublishers.noBody(),
                Repeat.IF_REFUSED));
    }

    private Written write(Request request) {
        try {
            return RemoteAnswers.written(send(request));
        } catch (TransportFailure.Unreachable nothingSent) {
            return new Written.Refused(RemoteAnswers.unreachable(nothingSent));
        } catch (TransportFailure failure) {
            return new Written.Unknown(RemoteAnswers.unreachable(failure));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Written.Unknown(RemoteAnswers.stopping());
        }
    }

    /**
     * Tells the origin for how long whoever is answered still waits. The origin then gives up by itself; that one is in a hurry is not
     * held against it.
     */
    private Response<byte[]> send(Request request) throws TransportFailure, InterruptedException {
        Long until = dev.holdfast.engine.replication.Request.now().until();
        if (until == null) {
            return origins.send(request);
        }
        long millis = Math.max(0, (until - time.nanos()) / 1_000_000);
        return origins.send(request.with(Request.DEADLINE, Long.toString(millis)));
    }

    private static Map<String, String> conditions(Condition condition) {
        Map<String, String> headers = new HashMap<>();
        switch (condition) {
            case Condition.None() -> {}
            case Condition.Matches(Version version) -> headers.put("If-Match", "\"" + version + "\"");
            case Condition.Exists() -> headers.put("If-Match", "*");
            case Condition.Absent() -> headers.put("If-None-Match", "*");
        }
        return headers;
    }

    @Override
    public Listing list(NamespaceId namespace, byte[] prefix, @Nullable Key after, int limit) {
        String path = "/v1/namespaces/" + namespace + "/keys?limit=" + limit
                + "&prefix=" + encoded(prefix)
                + (after == null ? "" : "&cursor=" + Cursor.after(after));
        try {
            return RemoteAnswers.listed(send(Request.get(path)));
        } catch (TransportFailure failure) {
            return new Listing.Unavailable(RemoteAnswers.unreachable(failure));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Listing.Unavailable(RemoteAnswers.stopping());
        }
    }

    /** An edge has no homes; what those of the origins say is asked of an origin. */
    @Override
    public Explanation explain(NamespaceId namespace, Key key) {
        return new Explanation(List.of(), get(namespace, key, ReadMode.CONFIRMED));
    }

    @Override
    public StoreStatus status() {
        return new StoreStatus(
                List.of(),
                new StoreStatus.HintView(0, 0, Long.MAX_VALUE, false, ""),
                true,
                List.of("This node is an edge: the providers are the origins'."),
                new StoreStatus.Counters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                List.of(),
                Map.of(),
                clocks.get(),
                ScrubStatus.NONE);
    }

    private static String value(NamespaceId namespace, Key key) {
        return "/v1/namespaces/" + namespace + "/values/" + encoded(key.bytes());
    }

    /** Everything that has a meaning in a path or a query, percent-encoded. */
    private static String encoded(byte[] utf8) {
        String text = new String(utf8, StandardCharsets.UTF_8);
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
