package dev.holdfast.engine.edge;

import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Freshness;

/**
 * The newest that this node knows of a key. What it holds never changes; when it was last known to be the newest does. Thread-safe.
 */
final class Entry {
    static final String MEMORY = "memory";
    static final String DISK = "disk";

    private static final long LONG_NANOS = Long.MAX_VALUE / 2;

    private static final Freshness NEAR = new Freshness(MEMORY, true, "");

    /** A tombstone for an absence, at the version as of which there is nothing. */
    final Record record;
    /** When it was last told to be the newest, by {@code Time.nanos}: the beginning of the call that told it. */
    final long toldNanos;
    /** The same by the wall clock, in milliseconds; for what outlives the process. */
    final long toldMillis;
    /** When the call that told it began, by {@code Time.nanos}: later than {@link #toldNanos} when the answer itself had an age. */
    final long askedNanos;
    /** Where it lies: {@link #MEMORY} or {@link #DISK}. */
    final String source;

    /** From when on all that was heard of the key has been taken into account, by {@code Time.nanos}. */
    private volatile long knownSince;

    private final Answer answer;
    /** Whether something newer may be elsewhere, so that this is not to be served while anybody can be asked. */
    private volatile boolean doubtful;
    /** When that came up last. */
    private volatile long doubtedNanos;
    /** Until when it is known to be the newest in spite of that. */
    private volatile long doubtedSince;
    /** When it was last asked for again, while it is here. */
    private volatile long refreshedNanos;
    /** As of when the disk has this version, by {@code Time.nanos}; long ago if it does not. */
    private volatile long keptNanos;

    Entry(Record record, long toldNanos, long toldMillis, String source) {
        this(record, toldNanos, toldNanos, toldMillis, source);
    }

    Entry(Record record, long askedNanos, long toldNanos, long toldMillis, String source) {
        this.record = record;
        this.askedNanos = askedNanos;
        this.toldNanos = toldNanos;
        this.toldMillis = toldMillis;
        this.source = source;
        this.refreshedNanos = toldNanos;
        this.knownSince = askedNanos;
        this.keptNanos = toldNanos - LONG_NANOS;
        Freshness freshness = source.equals(MEMORY) ? NEAR : new Freshness(source, true, "");
        this.answer = record.tombstone()
                ? new Answer.Missing(record.version(), freshness)
                : new Answer.Found(record, freshness);
    }

    /**
     * What a call was answered, perhaps from another node's cache; doubtful if nobody vouches for it.
     *
     * @param beganNanos when the call began
     * @param beganMillis the same by the wall clock
     * @param now by {@code Time.nanos}
     */
    static Entry answered(Record record, Freshness freshness, long beganNanos, long beganMillis, long now) {
        long age = freshness.ageMillis();
        Entry told = new Entry(record, beganNanos, beganNanos - age * 1_000_000, beganMillis - age, MEMORY);
        if (!freshness.confirmed()) {
            told.doubt(now, told.toldNanos);
        }
        return told;
    }

    Version version() {
        return record.version();
    }

    boolean doubtful() {
        return doubtful;
    }

    /** Whether somebody vouched for it to this process, when it was told. What lies on disk may be of one for which nobody did. */
    boolean vouched() {
        return !doubtful && source.equals(MEMORY);
    }

    /**
     * @param nanos when that came up
     * @param since until when it is known to be the newest in spite of that: of several doubts the earliest counts
     */
    synchronized void doubt(long nanos, long since) {
        if (!doubtful || since - doubtedSince < 0) {
            doubtedSince = since;
        }
        doubtedNanos = nanos;
        doubtful = true;
    }

    /** What this one holds, with one more doubt. */
    Entry doubted(long nanos, long since) {
        Entry same = new Entry(record, askedNanos, toldNanos, toldMillis, source);
        if (doubtful) {
            same.doubt(doubtedNanos, doubtedSince);
        }
        same.doubt(nanos, since);
        return same;
    }

    /** Until when it is known to be the newest, if that is {@code nanos} by all that was heard: hearing of nothing ends no doubt. */
    long newestUntil(long nanos) {
        if (!doubtful || nanos - doubtedSince <= 0) {
            return nanos;
        }
        return doubtedSince - toldNanos > 0 ? doubtedSince : toldNanos;
    }

    /** Takes over what is known of an entry that this one takes the place of: a doubt that came up since this was asked for stays. */
    void replaces(Entry old) {
        if (old.doubtful && toldNanos - old.doubtedNanos < 0) {
            doubt(old.doubtedNanos, old.doubtedSince);
        }
        if (old.knownSince - knownSince < 0) {
            knownSince = old.knownSince;
        }
        if (old.version().equals(version())) {
            keptNanos = old.keptNanos;
        }
    }

    /**
     * Whether a change that was made since it was the newest would have been noted here, once heard. One that was heard after that and
     * before this was asked for was not, so that hearing of no other proves nothing.
     */
    boolean followed() {
        return toldNanos - knownSince >= 0;
    }

    /** This one, asked for again by a call that was told the same, if by an answer with some age. */
    Entry confirmedBy(Entry later) {
        Entry same = new Entry(record, later.askedNanos, toldNanos, toldMillis, source);
        same.replaces(this);
        return same;
    }

    /** Whether it is time to ask again, which the caller then does. Two callers at once may both be told so. */
    boolean claimRefresh(long now, long pauseNanos) {
        if (now - refreshedNanos < pauseNanos) {
            return false;
        }
        refreshedNanos = now;
        return true;
    }

    long keptNanos() {
        return keptNanos;
    }

    void kept(long asOfNanos) {
        keptNanos = asOfNanos;
    }

    /** Whether it ends at a set time, so that the wall clock has to be asked. */
    boolean expires() {
        return record.expiration() != Record.NEVER;
    }

    /** As an answer that is known to be the newest; made once, since it is given often. */
    Answer answer(long wallMillis) {
        return expires() && record.expired(wallMillis) ? new Answer.Missing(record.version(), NEAR) : answer;
    }

    /** As an answer that nobody can vouch for now. */
    Answer.Found unconfirmed(String note) {
        return new Answer.Found(record, new Freshness(source, false, note));
    }

    /** What it takes in memory, in bytes, roughly. */
    int weight(int keyBytes) {
        return weight(keyBytes, record.metadata().length, record.value().length);
    }

    static int weight(int keyBytes, int metadataBytes, int valueBytes) {
        return OVERHEAD + keyBytes + metadataBytes + valueBytes;
    }

    private static final int OVERHEAD = 256;
}
