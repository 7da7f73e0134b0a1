package dev.holdfast.providers.rocksdb;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.Provider.Exact;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.Put;
import dev.holdfast.engine.provider.Reply;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a provider is asked to change. Each notes what became of it. */
abstract sealed class Change extends Work {
    final NamespaceId namespace;

    private Change(NamespaceId namespace, long bytes) {
        super(bytes);
        this.namespace = namespace;
    }

    /** Put-if-newer. Encoded by the thread that asks, so that the committer does not have to. */
    static final class PutRecord extends Change {
        final Key key;
        final Record record;
        final boolean vouched;
        final byte[] dataKey;
        final byte[] encoded;
        private final @Nullable Reply<Put> reply;
        Put outcome = new Put(false, Version.NONE);

        /** @param reply whom to tell what it came to; null when the thread that makes it waits */
        PutRecord(NamespaceId namespace, Key key, Record record, boolean vouched, @Nullable Reply<Put> reply) {
            this(namespace, key, record, vouched, reply, RecordFormat.encode(namespace, key, record));
        }

        private PutRecord(
                NamespaceId namespace,
                Key key,
                Record record,
                boolean vouched,
                @Nullable Reply<Put> reply,
                byte[] encoded) {
            super(namespace, encoded.length);
            this.key = key;
            this.record = record;
            this.vouched = vouched;
            this.dataKey = DataKey.of(namespace, key.bytes());
            this.encoded = encoded;
            this.reply = reply;
        }

        @Override
        void tell(@Nullable ProviderFault why) {
            if (reply == null) {
                super.tell(why);
            } else if (why == null) {
                reply.answered(outcome);
            } else {
                reply.failed(why);
            }
        }
    }

    static final class RaiseFloor extends Change {
        final Version floor;

        RaiseFloor(NamespaceId namespace, Version floor) {
            super(namespace, 0);
            this.floor = floor;
        }
    }

    static final class Collect extends Change {
        final List<Exact> rows;
        int collected;

        Collect(NamespaceId namespace, List<Exact> rows) {
            super(namespace, (long) rows.size() * Work.UNIT_BYTES);
            this.rows = rows;
        }
    }
}
