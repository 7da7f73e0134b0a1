package dev.holdfast.server.compat;

import dev.holdfast.engine.edge.NearAnswer;
import dev.holdfast.engine.edge.NearStore;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Listing;
import dev.holdfast.engine.replication.Store.Reason;
import dev.holdfast.engine.replication.Store.Refusal;
import dev.holdfast.server.api.NearReads;
import dev.holdfast.server.http.Call;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads for clients that cannot see how sure an answer is: what is not vouched for is refused, never passed off as absence. */
public final class Reads {
    private final NearStore store;
    private final NearReads near;
    private final long ttlNanos;

    /** @param ttl for how long an answer is good enough for whoever does not say */
    public Reads(NearReads near, Duration ttl) {
        this.near = near;
        this.store = near.store();
        this.ttlNanos = ttl.toNanos();
    }

    /**
     * What a read found.
     *
     * @param record null when it is vouched for that there is none
     */
    public record Got(@Nullable Record record, NearAnswer near) {}

    public Got get(Namespace namespace, Key key) throws Refused {
        return got(store.read(namespace, key, ttlNanos));
    }

    /**
     * For the thread that the call is on.
     *
     * @param cacheTtl seconds for which an answer is good enough; null for the usual
     * @return null when that thread must not wait for what it takes
     */
    public @Nullable Got get(Call call, Namespace namespace, Key key, @Nullable Long cacheTtl) throws Refused {
        long ttl = cacheTtl == null ? ttlNanos : TimeUnit.SECONDS.toNanos(cacheTtl);
        NearAnswer answer = near.read(call, namespace, key, ttl, List.of());
        return answer == null ? null : got(answer);
    }

    private static Got got(NearAnswer near) throws Refused {
        return switch (near.answer()) {
            case Answer.Found found -> new Got(found.record(), near);
            case Answer.Missing _ -> {
                if (!near.absent()) {
                    throw unconfirmed("the key may exist at a home that cannot be asked now");
                }
                yield new Got(null, near);
            }
            case Answer.Unavailable unavailable -> throw Refused.unavailable(unavailable.why());
        };
    }

    /** A page of live keys. It is empty only when the listing is at its end: clients stop at an empty page. */
    public Listing.Keys list(NamespaceId namespace, byte[] prefix, @Nullable Key after, int limit) throws Refused {
        Key from = after;
        while (true) {
            switch (store.list(namespace, prefix, from, limit)) {
                case Listing.Keys page -> {
                    if (!page.confirmed()) {
                        throw unconfirmed("keys may exist at a home that cannot be asked now");
                    }
                    if (!page.keys().isEmpty() || page.next() == null) {
                        return page;
                    }
                    from = page.next();
                }
                case Listing.Unavailable unavailable -> throw Refused.unavailable(unavailable.why());
            }
        }
    }

    private static Refused unconfirmed(String sentence) {
        return Refused.unavailable(new Refusal(Reason.UNCONFIRMED_ABSENCE, sentence));
    }
}
