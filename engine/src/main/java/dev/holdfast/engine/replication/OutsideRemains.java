package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.provider.LocalStore.Batch;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.LocalStore.Table;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.Sighting;
import dev.holdfast.engine.replication.HintLog.Waiting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes from this node's disk what lies there of namespaces in whose jurisdiction it is not, or no more: hints, entries of the feed's log, what was
 * set aside, and names of keys. While it is so nothing of the kind is added, so what is left is from before.
 *
 * <p>A hint goes to its provider as ever. While that is away it is erased once another provider of the jurisdiction is seen to hold what it
 * holds, and its own is owed a comparison: the last copy of an acknowledged write stays until there is another one. Belongs to one thread.
 */
final class OutsideRemains {
    private static final Logger LOG = LoggerFactory.getLogger(OutsideRemains.class);
    private static final int PAGE = 256;
    private static final long AGAIN_NANOS = 60_000_000_000L;
    private static final long LOOK_NANOS = 3_600_000_000_000L;

    private final Parts parts;
    private final Scrubs scrubs;
    private final Map<NamespaceId, Boolean> outside = new HashMap<>();
    /** Whether something may be left: a namespace that is not known yet, or a hint that is needed. */
    private boolean left;

    OutsideRemains(Parts parts, Scrubs scrubs) {
        this.parts = parts;
        this.scrubs = scrubs;
    }

    /** @return how long to rest */
    long run() throws InterruptedException {
        left = false;
        outside.clear();
        try {
            feed();
            aside();
            for (Member member : parts.members().all()) {
                hints(member);
            }
            left |= !scrubs.forgetOutside();
        } catch (LocalStoreFault fault) {
            LOG.error("what may not lie on this node's disk cannot be erased: {}", fault.getMessage());
            left = true;
        }
        return left ? AGAIN_NANOS : LOOK_NANOS;
    }

    /** Whether nothing of it may lie here; not as long as it is not known. */
    private boolean outside(NamespaceId namespace) {
        return outside.computeIfAbsent(namespace, asked -> {
            boolean here = parts.residency().here(asked);
            boolean known = here || parts.residency().known(asked);
            left |= !known;
            return known && !here;
        });
    }

    private void feed() throws LocalStoreFault {
        if (parts.feed().anyEarlier(this::outside)) {
            parts.feed().forgetEarlier();
            LOG.info("the feed's log of earlier runs is erased, since it holds keys that may not lie on this node's"
                    + " disk; readers are told of a gap");
        }
    }

    private void aside() throws LocalStoreFault {
        List<byte[]> found = new ArrayList<>();
        parts.local().forEach(Table.QUARANTINE, new byte[0], null, entry -> {
            if (outside(KeyRef.parse(entry.key(), 0).namespace())) {
                found.add(entry.key());
            }
        });
        for (byte[] key : found) {
            parts.local().commit(new Batch().delete(Table.QUARANTINE, key));
        }
        if (!found.isEmpty()) {
            LOG.warn("{} records that were set aside may not lie on this node's disk, and are erased", found.size());
        }
    }

    private void hints(Member member) throws LocalStoreFault, InterruptedException {
        List<Waiting> page = parts.hints().waiting(member, null, PAGE);
        while (!page.isEmpty()) {
            for (Waiting waiting : page) {
                if (outside(waiting.ref().namespace())) {
                    hint(member, waiting);
                }
            }
            page = parts.hints().waiting(member, page.getLast(), PAGE);
        }
    }

    private void hint(Member member, Waiting waiting) throws LocalStoreFault, InterruptedException {
        if (member.health.takesWrites() || !heldElsewhere(member, waiting)) {
            left = true;
            return;
        }
        if (!parts.marks().owed(member)) {
            parts.members().requireComparison(member);
            parts.marks().owe(member);
        }
        parts.hints().taken(member, waiting.ref(), waiting.version(), new Batch());
    }

    private boolean heldElsewhere(Member member, Waiting waiting) throws LocalStoreFault, InterruptedException {
        KeyRef ref = waiting.ref();
        try {
            Optional<Record> record = parts.hints().get(member, ref);
            if (record.isEmpty()) {
                return true;
            }
            for (Member other : parts.members().of(ref.namespace()).where(Health::current)) {
                other.ration.await(1);
                Sighting seen = other.call(provider -> provider.sight(ref.namespace(), ref.key()));
                if (!seen.lacks(record.get(), parts.time().wallMillis())) {
                    return true;
                }
            }
            return false;
        } catch (ProviderFault notNow) {
            LOG.debug("whether a hint is needed is not known: {}", notNow.getMessage());
            return false;
        } catch (DamagedRecord damaged) {
            // What it held has to be found by comparing anyhow.
            return true;
        }
    }
}
