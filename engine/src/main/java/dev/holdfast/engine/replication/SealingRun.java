package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.Page;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.Row;
import dev.holdfast.engine.replication.Seals.KeyMissing;
import dev.holdfast.engine.time.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * One look at every row of a namespace at every provider, counting those that lie there in the clear, and sealing them if so wanted. A record
 * is sealed at the version that it has, by the one rule by which providers settle equal versions ({@link Record#merge}): nothing that is newer
 * can be overwritten, no reader sees a change, and whoever does it again, here or elsewhere, gives the same bytes. So it can be ended at any
 * moment and begun again: what is sealed is passed by. Half of the time is left to others.
 *
 * <p>Before it seals any it waits until every node seals what is written, so that nothing comes into the clear behind it.
 *
 * <p>Belongs to one thread; what it has come to can be looked at by others.
 */
public final class SealingRun {
    private static final int PAGE = 256;
    private static final long LOOK_NANOS = 1_000_000_000L;
    /** Nodes that run read the catalogue twice a minute, and once more a second later when that fails. */
    private static final long PATIENCE_NANOS = 90_000_000_000L;

    private final Parts parts;
    private final Time time;
    private final Members members;
    private final SealsTold told;
    private final NamespaceId namespace;
    private final boolean seals;
    private final List<Place> places = new CopyOnWriteArrayList<>();
    private volatile String unaware = "It has not been looked yet which nodes seal what is written.";

    SealingRun(Parts parts, SealsTold told, NamespaceId namespace, boolean seals) {
        this.parts = parts;
        this.time = parts.time();
        this.members = parts.members();
        this.told = told;
        this.namespace = namespace;
        this.seals = seals;
    }

    /**
     * What was found at one provider.
     *
     * @param sealed rows whose content is ciphertext, those that were made so by this run among them
     * @param clear rows whose content is in the clear
     * @param unread why it was not read to the end; empty when it was
     */
    public record Place(String provider, long sealed, long clear, long bytes, String unread) {}

    /** So far. */
    public List<Place> places() {
        return List.copyOf(places);
    }

    /**
     * Why records may be written in the clear still, since a node may not know that the namespace is sealed; empty when every node does. While
     * it is not empty and no provider has been looked at yet, the run waits for that.
     */
    public String unaware() {
        return unaware;
    }

    private void awaitNodes() throws InterruptedException {
        told.tell();
        long deadline = time.nanos() + (seals ? PATIENCE_NANOS : 0);
        while (true) {
            SealsTold.Lacking lacking = told.lacking(namespace);
            unaware = lacking.sentence();
            if (unaware.isEmpty() || !lacking.soon() || time.nanos() >= deadline) {
                return;
            }
            time.sleep(LOOK_NANOS);
        }
    }

    /** @throws KeyMissing when the key with which to seal is not here */
    public void run() throws KeyMissing, InterruptedException {
        awaitNodes();
        for (Member member : members.of(namespace).all()) {
            int at = places.size();
            places.add(new Place(member.name(), 0, 0, 0, "not read yet"));
            if (!member.health.takesWrites()) {
                places.set(
                        at,
                        new Place(
                                member.name(),
                                0,
                                0,
                                0,
                                "it is " + member.health.state().label()));
                continue;
            }
            try {
                EveryRow.of(member, namespace, PAGE, time, new Reading(member, at));
            } catch (ProviderFault fault) {
                Place so = places.get(at);
                places.set(
                        at,
                        new Place(
                                so.provider(),
                                so.sealed(),
                                so.clear(),
                                so.bytes(),
                                String.valueOf(fault.getMessage())));
            }
        }
    }

    /** Reads one provider, and says in its place how far it is. */
    private final class Reading implements EveryRow.Visitor<KeyMissing> {
        private final Member member;
        private final int at;
        private long sealed;
        private long clear;
        private long bytes;

        Reading(Member member, int at) {
            this.member = member;
            this.at = at;
        }

        @Override
        public void see(Page page, boolean over) throws ProviderFault, KeyMissing, InterruptedException {
            for (Row row : page.rows()) {
                if (row.head().tombstone()) {
                    continue;
                }
                bytes += row.head().valueBytes();
                if (row.head().sealed() || (seals && sealed(member, row.key()))) {
                    sealed++;
                } else {
                    clear++;
                }
            }
            places.set(at, new Place(member.name(), sealed, clear, bytes, over ? "" : "being read"));
        }
    }

    /** @return whether it lies there sealed now, or not at all */
    private boolean sealed(Member member, Key key) throws ProviderFault, KeyMissing, InterruptedException {
        KeyRef ref = new KeyRef(namespace, key);
        member.ration.await(2);
        if (!(look(member, ref) instanceof Lookup.Present(Record record)) || record.sealed() || record.tombstone()) {
            return true;
        }
        Record ciphertext = parts.seals().seal(ref, record);
        if (!ciphertext.sealed()) {
            return false;
        }
        List<Member> takers = new ArrayList<>(members.of(namespace).where(Health::takesWrites));
        takers.remove(member);
        // Where it was found last: as long as it lies there in the clear, it is found again.
        takers.add(member);
        for (Member taker : takers) {
            taker.call(provider -> provider.putIfNewer(namespace, key, ciphertext));
        }
        return true;
    }

    private static Lookup look(Member member, KeyRef ref) throws ProviderFault {
        try {
            return member.call(provider -> provider.get(ref.namespace(), ref.key()));
        } catch (ProviderFault fault) {
            if (fault.kind() == FaultKind.CORRUPT) {
                throw new ProviderFault(
                        FaultKind.CORRUPT,
                        "a record in the clear is damaged; holdfast scrub repairs it: " + fault.getMessage());
            }
            throw fault;
        }
    }
}
