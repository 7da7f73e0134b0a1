package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.HybridClock;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.LocalStore.Batch;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.LocalStore.Table;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.Provider.Exact;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.Sighting;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets records aside that no honest clock can have stamped: left where they are they would beat every write for as long as they
 * are ahead. They are kept in the node's quarantine table for people to look at. A collection floor that is as far ahead cannot be set
 * aside: it is not believed, and whoever has it is under suspicion. Thread-safe.
 */
final class Quarantine {
    private static final Logger LOG = LoggerFactory.getLogger(Quarantine.class);

    private final LocalStore local;
    private final Members members;
    private final HybridClock clock;
    private final Counters counters;
    private final Residency residency;

    Quarantine(LocalStore local, Members members, HybridClock clock, Counters counters, Residency residency) {
        this.local = local;
        this.members = members;
        this.clock = clock;
        this.counters = counters;
        this.residency = residency;
    }

    boolean concerns(Version version) {
        return clock.beyondSkew(version);
    }

    /** What a provider shows, without a floor that says nothing: then all that is known is that it does not hold the key. */
    Sighting believed(Sighting shown) {
        return !shown.present() && concerns(shown.version()) ? new Sighting(false, Version.NONE) : shown;
    }

    /** It has a collection floor that no honest clock can have set. */
    void suspect(Member member, NamespaceId namespace, Version floor) {
        members.lied(
                member,
                "its collection floor of namespace " + namespace + ", " + floor
                        + ", is further ahead than any clock can be: it would take no new keys");
    }

    /**
     * Copies the record to the quarantine table and deletes it at the provider, unless it has changed meanwhile. Where it may not lie on
     * this node's disk it is left to a node on whose disk it may: until then it is not believed.
     *
     * @return whether it did; otherwise it may have been the floor that was in the way, and is then
     */
    boolean setAside(Member member, KeyRef ref) throws ProviderFault, LocalStoreFault {
        Lookup found = member.call(provider -> provider.get(ref.namespace(), ref.key()));
        if (found instanceof Lookup.Missing(Version floor) && concerns(floor)) {
            suspect(member, ref.namespace(), floor);
        }
        if (!(found instanceof Lookup.Present(Record record))
                || !concerns(record.version())
                || !residency.here(ref.namespace())) {
            return false;
        }
        local.commit(new Batch()
                .put(Table.QUARANTINE, ref.bytes(), RecordFormat.encode(ref.namespace(), ref.key(), record)));
        Exact exact = new Exact(ref.key(), record.version());
        member.call(provider -> provider.collect(ref.namespace(), List.of(exact)));
        counters.quarantined.increment();
        LOG.warn(
                "a record of namespace {} at provider {} is stamped {} ms ahead of this node's clock and has been set"
                        + " aside",
                ref.namespace(),
                member,
                record.version().millis() - NodeMemory.stamp(clock).millis());
        return true;
    }
}
