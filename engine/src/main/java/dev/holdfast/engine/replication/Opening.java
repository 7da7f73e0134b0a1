package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.replication.Seals.KeyMissing;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Freshness;
import dev.holdfast.engine.replication.Store.Listed;
import dev.holdfast.engine.replication.Store.Listing;
import dev.holdfast.engine.replication.Store.ReadMode;
import dev.holdfast.engine.replication.Store.Reason;
import dev.holdfast.engine.replication.Store.Refusal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Opens what was read for those who asked for it. What cannot be opened is no answer: neither ciphertext nor an absence. Thread-safe.
 */
final class Opening {
    private final Seals seals;
    private final Reads reads;

    Opening(Seals seals, Reads reads) {
        this.seals = seals;
        this.reads = reads;
    }

    Answer answer(KeyRef ref, ReadMode mode) throws InterruptedException {
        try {
            return opened(ref, reads.get(ref, mode));
        } catch (DamagedRecord damage) {
            // By now it is known for what it is, so that another home is asked.
            try {
                return opened(ref, reads.get(ref, mode));
            } catch (DamagedRecord again) {
                return new Answer.Unavailable(new Refusal(
                        Reason.SEALED,
                        "What is held of the key does not open under its data key: " + again.getMessage() + "."));
            }
        }
    }

    private Answer opened(KeyRef ref, Answer read) throws DamagedRecord {
        if (!(read instanceof Answer.Found(Record record, Freshness freshness)) || !record.sealed()) {
            return read;
        }
        try {
            return new Answer.Found(seals.open(ref, record), freshness);
        } catch (KeyMissing missing) {
            return new Answer.Unavailable(refusal(missing));
        }
    }

    Listing listing(NamespaceId namespace, Listing read) throws InterruptedException {
        if (!(read instanceof Listing.Keys page)
                || page.keys().stream().noneMatch(listed -> listed.head().sealed())) {
            return read;
        }
        List<Listed> opened = new ArrayList<>(page.keys().size());
        for (Listed listed : page.keys()) {
            KeyRef ref = new KeyRef(namespace, listed.key());
            try {
                Head head = head(ref, listed.head());
                if (head != null) {
                    opened.add(new Listed(listed.key(), head));
                }
            } catch (KeyMissing missing) {
                return new Listing.Unavailable(refusal(missing));
            } catch (DamagedRecord damage) {
                return new Listing.Unavailable(new Refusal(
                        Reason.SEALED,
                        "The metadata of a key does not open under its key: " + damage.getMessage() + "."));
            }
        }
        return new Listing.Keys(opened, page.next(), page.confirmed());
    }

    /** Of one whose metadata a provider has altered, as a read finds it elsewhere; null when it is deleted by now. */
    private @Nullable Head head(KeyRef ref, Head scanned) throws KeyMissing, DamagedRecord, InterruptedException {
        try {
            return seals.open(ref, scanned);
        } catch (DamagedRecord damage) {
            return switch (reads.get(ref, ReadMode.CONFIRMED)) {
                case Answer.Found(Record record, var _) ->
                    seals.open(ref, RecordFormat.headOf(ref.namespace(), ref.key(), record));
                case Answer.Missing _ -> null;
                case Answer.Unavailable _ -> throw damage;
            };
        }
    }

    /** The same of a change that is told; null for one of which only the key can be. */
    static @Nullable Record told(Seals seals, KeyRef ref, @Nullable Record record) {
        try {
            return record == null ? null : seals.open(ref, record);
        } catch (KeyMissing | DamagedRecord cannotBeOpened) {
            return null;
        }
    }

    static Refusal refusal(KeyMissing missing) {
        return new Refusal(Reason.SEALED, String.valueOf(missing.getMessage()), 10);
    }
}
