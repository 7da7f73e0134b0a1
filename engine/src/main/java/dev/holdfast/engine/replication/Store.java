package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several providers as one store. Every call blocks, for at most the request's deadline; call from a virtual thread.
 * Thread-safe.
 */
public interface Store {

    /** Which answer a reader wants. */
    enum ReadMode {
        /** As {@link #CONFIRMED}; a store that is another node's may answer from that one's cache. */
        CACHED,
        /** Every current provider is asked, the newest version wins, a vouched answer need not wait for stragglers. */
        CONFIRMED,
        /** Waits for every reachable provider. */
        FRESH
    }

    /** On what a write insists about what is there before. */
    sealed interface Condition {
        /** Nothing. */
        record None() implements Condition {}

        /** {@code If-Match}: the key holds a live value at exactly this version. */
        record Matches(Version version) implements Condition {}

        /** {@code If-Match: *}: the key holds a live value. */
        record Exists() implements Condition {}

        /** {@code If-None-Match: *}: the key holds no live value. */
        record Absent() implements Condition {}

        Condition NONE = new None();
    }

    /**
     * What is known of an answer.
     *
     * @param source name of the provider whose record it is, or {@code hint-log}
     * @param confirmed false when the answer could not be vouched for: too few homes were left to ask
     * @param note why it is unconfirmed, or what was found out on the way; empty for nothing to say
     * @param ageMillis since it was known to be the newest: of another node's cache; 0 for just now
     */
    record Freshness(String source, boolean confirmed, String note, long ageMillis) {
        /** As of now. */
        public Freshness(String source, boolean confirmed, String note) {
            this(source, confirmed, note, 0);
        }
    }

    /** What a read came to. */
    sealed interface Answer {
        /** A live value. */
        record Found(Record record, Freshness freshness) implements Answer {}

        /**
         * No live value.
         *
         * @param asOf of the tombstone or expired record found, or the collection floor: whatever is not newer than this is gone
         */
        record Missing(Version asOf, Freshness freshness) implements Answer {}

        /** No answer that can be vouched for: 503. */
        record Unavailable(Refusal why) implements Answer {}
    }

    /**
     * Why the store does not do what it is asked; nothing has happened.
     *
     * @param retrySeconds after how long to try again
     */
    record Refusal(Reason reason, String sentence, int retrySeconds) {
        /** To be tried again after a second. */
        public Refusal(Reason reason, String sentence) {
            this(reason, sentence, 1);
        }
    }

    enum Reason {
        /** No provider can be reached. */
        NO_PROVIDER,
        /** A value may exist at a home that cannot be asked now. */
        UNCONFIRMED_ABSENCE,
        /** Fewer independent domains than the namespace's durability, and it refuses then. */
        TOO_FEW_HOMES,
        /** This node's disk keeps no more. */
        LOCAL_DISK_FULL,
        /** This node's disk fails, or the node is stopping. */
        LOCAL_DISK_FAILED,
        /** This node was removed from the store. */
        NODE_REMOVED,
        /** The deadline passed before enough homes answered. */
        DEADLINE,
        /** The time that the caller gives the request is over, so that nobody would have the answer. */
        OVERDUE,
        /** There is more to do than the store bears, or may be given while it recovers. */
        SHED,
        /** The namespace's gate keeps this out. */
        GATE,
        /** A quota of the namespace or its account is used up. */
        QUOTA,
        /** The content is ciphertext, and this node cannot open it, or make it. */
        SEALED,
        /** It may not be kept where this node would keep it. */
        JURISDICTION
    }

    /**
     * The proof of a write.
     *
     * @param homes names of the providers that hold it durably, and {@code hint-log} where that counts
     * @param hinted providers that will get it later
     * @param domains how many independent failure domains hold it
     * @param shortOf whether {@code domains} is less than the namespace's durability
     * @param session the place of the change in the log of the node that made it: who has read up to it knows of the write
     */
    record Receipt(
            Version version, List<String> homes, List<String> hinted, int domains, boolean shortOf, Point session) {}

    /** What a write came to. */
    sealed interface Written {
        /** Durable, as the receipt says. */
        record Acknowledged(Receipt receipt) implements Written {}

        /**
         * The condition did not hold; nothing has happened.
         *
         * @param current the version there is; null when there is no live value
         */
        record ConditionFailed(@Nullable Version current) implements Written {}

        /** Nothing has happened, and trying again is safe. */
        record Refused(Refusal why) implements Written {}

        /** It may have happened or may happen yet: too few homes confirmed it in time. */
        record Unknown(Refusal why) implements Written {}
    }

    /** One line of a listing: a live key. */
    record Listed(Key key, Head head) {}

    /** What a listing came to. */
    sealed interface Listing {
        /**
         * Live keys, rising.
         *
         * @param next null when complete; otherwise the key to pass as {@code after} for the next page
         */
        record Keys(List<Listed> keys, @Nullable Key next, boolean confirmed) implements Listing {}

        record Unavailable(Refusal why) implements Listing {}
    }

    Answer get(NamespaceId namespace, Key key, ReadMode mode);

    /**
     * @param expiration seconds since the Unix epoch, {@link Record#NEVER} for none
     * @param metadata JSON in UTF-8, empty for none
     */
    Written put(Namespace namespace, Key key, byte[] value, byte[] metadata, long expiration, Condition condition);

    /** Deleting what is not there succeeds, unless the condition says otherwise. */
    Written delete(Namespace namespace, Key key, Condition condition);

    /**
     * Writes a record at the version that it has from an earlier write, here or elsewhere, as an import into an empty namespace does. Repeating
     * it is safe. Only for a store that leads to this node's own providers.
     *
     * @param record no tombstone
     * @return {@link Written.ConditionFailed} when it cannot be kept at that version, and nothing has happened: the key holds something
     *     newer, or was deleted later, or nobody can vouch for that it was not; or the version is ahead of every honest clock
     * @throws UnsupportedOperationException when the store stamps every write itself
     */
    default Written restore(Namespace namespace, Key key, Record record) {
        throw new UnsupportedOperationException("this store stamps every write itself");
    }

    /**
     * @param prefix only keys that begin with these bytes; empty for all
     * @param after only keys after this one; null to begin at the first
     * @param limit 1 or more live keys
     */
    Listing list(NamespaceId namespace, byte[] prefix, @Nullable Key after, int limit);

    /**
     * The same for somebody who wants the keys alone: of what is sealed heads are as they lie at the providers, so that it needs no key of
     * theirs.
     */
    default Listing keys(NamespaceId namespace, byte[] prefix, @Nullable Key after, int limit) {
        return list(namespace, prefix, after, limit);
    }

    /** What each home says of a key, for people. */
    Explanation explain(NamespaceId namespace, Key key);

    /**
     * @param homes one line for each provider; none when none was asked
     * @param answer what a read would answer now
     */
    record Explanation(List<HomeView> homes, Answer answer) {
        /** Why nobody was asked; null when somebody was. */
        public @Nullable Refusal refused() {
            return homes.isEmpty() && answer instanceof Answer.Unavailable(Refusal why) ? why : null;
        }
    }

    /**
     * @param version held there; null when it holds none or did not answer
     * @param hint version of the hint waiting for this provider; null for none
     * @param says what it answered, in words
     */
    record HomeView(
            String provider,
            ProviderState state,
            @Nullable Version version,
            @Nullable Version hint,
            String says) {}

    /** The state of the store, from memory: never waits for a provider. */
    StoreStatus status();
}
