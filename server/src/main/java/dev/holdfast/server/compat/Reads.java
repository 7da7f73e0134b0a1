package dev.holdfast.server.compat;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Listing;
import dev.holdfast.engine.replication.Store.ReadMode;
import dev.holdfast.engine.replication.Store.Reason;
import dev.holdfast.engine.replication.Store.Refusal;
import org.jspecify.annotations.Nullable;

/** Reads for clients that cannot see how sure an answer is: what is not vouched for is refused, never passed off as absence. */
public final class Reads {
    private final Store store;

    public Reads(Store store) {
        this.store = store;
    }

    /** The live record; null when it is vouched for that there is none. */
    public @Nullable Record get(NamespaceId namespace, Key key) throws Refused {
        return switch (store.get(namespace, key, ReadMode.CONFIRMED)) {
            case Answer.Found found -> found.record();
            case Answer.Missing missing -> {
                if (!missing.freshness().confirmed()) {
                    throw unconfirmed("the key may exist at a home that cannot be asked now");
                }
                yield null;
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
