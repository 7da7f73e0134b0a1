package dev.holdfast.providers.s3;

import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Limits;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.ProviderFault;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what a listing has shown. */
final class Reader {
    /** Larger than any record; what claims to be is damage and not read. */
    private static final long MOST_BYTES = RecordFormat.OVERHEAD + 0xffff + 2L * Limits.VALUE_BYTES;

    /** Up to this size a whole record is read where its metadata would do, and so is verified as a whole. */
    private static final long WHOLE_BYTES = 16 * 1024;

    private static final int METADATA_AT = 26;

    private final Bucket bucket;

    Reader(Bucket bucket) {
        this.bucket = bucket;
    }

    /** What became of entries of one key and version. */
    sealed interface Found {
        record Whole(Record record) implements Found {}

        record Damage(String what) implements Found {}

        /** Superseded or collected since it was listed: to be listed again. */
        record Gone() implements Found {}
    }

    /** The record that the entries of the newest version come to. */
    Found read(NamespaceId namespace, Key key, List<Entry> newest) throws ProviderFault {
        @Nullable Record best = null;
        @Nullable Label of = null;
        String damage = "nothing";
        boolean gone = false;
        for (Entry entry : newest) {
            if (of != null && entry.label().sameRecord(of)) {
                continue;
            }
            if (entry.size() > MOST_BYTES) {
                damage = entry.size() + " bytes are no record";
                continue;
            }
            Optional<byte[]> body = bucket.get(entry.object());
            if (body.isEmpty()) {
                gone = true;
                continue;
            }
            try {
                Record record = verified(namespace, key, entry, body.get());
                best = best == null ? record : Record.merge(best, record);
                of = entry.label();
            } catch (DamagedRecord e) {
                damage = String.valueOf(e.getMessage());
            }
        }
        if (best != null) {
            return new Found.Whole(best);
        }
        return gone ? new Found.Gone() : new Found.Damage(damage);
    }

    private static Record verified(NamespaceId namespace, Key key, Entry entry, byte[] body) throws DamagedRecord {
        Record record = RecordFormat.decode(namespace, key, body);
        int checksum = ByteBuffer.wrap(body).getInt(body.length - 4);
        if (!entry.label().describes(record, checksum)) {
            throw new DamagedRecord("it is another record than its name says");
        }
        return record;
    }

    /** Whether the head follows from the listing alone. */
    static boolean told(Held held) {
        Entry first = held.newest().getFirst();
        return first.attested()
                && first.label().metadataBytes() == 0
                && held.newest().stream().allMatch(entry -> entry.label().sameRecord(first.label()));
    }

    /** The head of what {@link #told} holds for. */
    static Head head(Held held) {
        Entry first = held.newest().getFirst();
        return first.label().head(new byte[0], first.size());
    }

    /** Whether reading the metadata alone would do, and is worth it. */
    static boolean large(Held held) {
        Entry only = held.newest().getFirst();
        return held.newest().size() == 1 && only.attested() && only.size() > WHOLE_BYTES;
    }

    /** The head of what {@link #large} holds for; empty when it is gone, or its beginning is not what its name says. */
    Optional<Head> headOfLarge(Held held) throws ProviderFault {
        Entry only = held.newest().getFirst();
        Label label = only.label();
        int bytes = METADATA_AT + label.metadataBytes();
        Optional<byte[]> beginning = bucket.beginning(only.object(), bytes);
        if (beginning.isEmpty() || beginning.get().length < bytes) {
            return Optional.empty();
        }
        try {
            Version version = RecordFormat.peekVersion(beginning.get(), bytes);
            byte[] metadata = Arrays.copyOfRange(beginning.get(), METADATA_AT, bytes);
            return version.equals(label.version()) ? Optional.of(label.head(metadata, only.size())) : Optional.empty();
        } catch (DamagedRecord e) {
            return Optional.empty();
        }
    }
}
