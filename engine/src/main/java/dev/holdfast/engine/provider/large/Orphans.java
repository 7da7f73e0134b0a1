package dev.holdfast.engine.provider.large;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.Page;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.Provider.Exact;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.Row;
import dev.holdfast.engine.time.Time;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects blobs that no head refers to: those that were found so twice, with the grace between. A blob is referred to for the first time within
 * one put of its beginning, or never; so what is found without a head after longer than any put takes stays without one. By its own clock alone,
 * since a record that is repaired has an old version. Used by one thread.
 */
final class Orphans {
    private static final Logger LOG = LoggerFactory.getLogger(Orphans.class);
    private static final int PAGE = 500;
    /** More are found at a later round. */
    private static final int MOST_KNOWN = 200_000;

    private final Provider heads;
    private final Provider blobs;
    private final Time time;
    private final long graceNanos;
    private Map<Key, Long> found = new HashMap<>();

    Orphans(Provider heads, Provider blobs, Time time, long graceNanos) {
        this.heads = heads;
        this.blobs = blobs;
        this.time = time;
        this.graceNanos = graceNanos;
    }

    /** Rests first: a node that starts has better things to do. */
    long step() throws InterruptedException {
        time.sleep(graceNanos);
        try {
            int collected = round();
            if (collected > 0) {
                LOG.info("provider {}: {} values that nothing refers to were collected", heads.name(), collected);
            }
        } catch (ProviderFault fault) {
            LOG.info("provider {}: collecting large values waits: {}", heads.name(), fault.getMessage());
        }
        return 0;
    }

    int round() throws ProviderFault, InterruptedException {
        Map<Key, Long> known = new HashMap<>();
        int collected = 0;
        Key after = null;
        while (true) {
            Page page = blobs.scan(LargeValues.BLOBS, new byte[0], after, PAGE);
            List<Exact> old = new ArrayList<>();
            for (Row row : page.rows()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (!referred(row)) {
                    long since = found.getOrDefault(row.key(), time.nanos());
                    if (time.nanos() - since >= graceNanos) {
                        old.add(new Exact(row.key(), row.head().version()));
                    } else if (known.size() < MOST_KNOWN) {
                        known.put(row.key(), since);
                    }
                }
            }
            Key last = page.last();
            after = last == null ? after : last;
            collected += old.isEmpty() ? 0 : blobs.collect(LargeValues.BLOBS, old);
            if (page.end()) {
                found = known;
                return collected;
            }
        }
    }

    private boolean referred(Row blob) throws ProviderFault {
        ByteBuffer owner = ByteBuffer.wrap(blob.head().metadata());
        NamespaceId namespace = new NamespaceId(owner.getLong(), owner.getLong());
        byte[] name = new byte[owner.remaining()];
        owner.get(name);
        Key key = Key.of(name);
        Version version = blob.head().version();
        try {
            if (!(heads.get(namespace, key) instanceof Lookup.Present(Record held))) {
                return false;
            }
            Reference reference = Reference.read(held.metadata());
            return reference != null
                    && held.version().equals(version)
                    && reference.blob(namespace, key, version).equals(blob.key());
        } catch (ProviderFault fault) {
            if (fault.kind() == FaultKind.CORRUPT) {
                // What it refers to cannot be read; once it is repaired, it refers to another one.
                return true;
            }
            throw fault;
        }
    }
}
