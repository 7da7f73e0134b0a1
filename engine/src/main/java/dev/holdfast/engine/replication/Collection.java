package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.Provider.Exact;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.replication.MergedScan.Merged;
import dev.holdfast.engine.time.Time;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects tombstones and expired records that every provider has (DESIGN rule 5). It runs only after a complete comparison pass
 * with every provider current, and goes up to a floor that lies below every hint of every node and below everything that a
 * request still under way could write. The floor is raised at every provider first: from then on none of them takes a version at
 * or below it for a key it does not hold, so a late write cannot bring a deleted key back.
 */
final class Collection {
    private static final Logger LOG = LoggerFactory.getLogger(Collection.class);
    private static final int PAGE = 1000;

    private final Parts parts;
    private final Time time;
    private final Members members;
    private final Supplier<Version> peersWatermark;
    private final RegistryScan scan;

    /** @param peersWatermark the oldest version that another node may still hold as a hint; {@link Version#MAX} for none */
    Collection(Parts parts, Supplier<Version> peersWatermark) {
        this.parts = parts;
        this.time = parts.time();
        this.members = parts.members();
        this.peersWatermark = peersWatermark;
        this.scan = new RegistryScan(parts);
    }

    /** @param comparedFrom wall clock milliseconds at which the pass that has just succeeded began */
    void run(long comparedFrom, Iterable<NamespaceId> namespaces) throws InterruptedException {
        try {
            Optional<Set<NamespaceId>> held = Holds.all(scan);
            if (held.isEmpty()) {
                return;
            }
            Version floor = floor(comparedFrom);
            for (NamespaceId namespace : namespaces) {
                if (!members.allCurrent()) {
                    return;
                }
                if (!held.get().contains(namespace)) {
                    collect(namespace, floor);
                }
            }
        } catch (ProviderFault fault) {
            LOG.info("collection of tombstones stops until the next pass: {}", fault.getMessage());
        } catch (LocalStoreFault fault) {
            LOG.error("collection of tombstones stops, since the hint log fails: {}", fault.getMessage());
        }
    }

    private Version floor(long comparedFrom) throws LocalStoreFault {
        ReplicationConfig config = parts.config();
        long age = Math.max(
                config.collectAge().toMillis(),
                config.writeTimeout().toMillis() + config.callTimeout().toMillis());
        Version floor = Version.atMillis(comparedFrom - age - config.maxSkew().toMillis());
        for (Member member : members.all()) {
            Optional<Version> oldest = parts.hints().oldest(member);
            if (oldest.isPresent() && floor.compareTo(oldest.get()) >= 0) {
                floor = justBelow(oldest.get());
            }
        }
        Version peers = peersWatermark.get();
        return floor.compareTo(peers) < 0 ? floor : justBelow(peers);
    }

    /** There is nothing below the oldest: a floor computed from it must not wrap around to the newest. */
    private static Version justBelow(Version version) {
        return version.equals(Version.NONE) ? Version.NONE : new Version(version.bits() - 1);
    }

    private void collect(NamespaceId namespace, Version floor) throws InterruptedException, ProviderFault {
        MergedScan scan = new MergedScan(
                time,
                members,
                members.all(),
                namespace,
                new byte[0],
                null,
                PAGE,
                parts.config().callTimeout().toNanos());
        Map<Member, List<Exact>> rows = new LinkedHashMap<>();
        boolean raised = false;
        int gathered = 0;
        for (Merged merged = scan.next(); merged != null; merged = scan.next()) {
            if (!scan.failed().isEmpty() || !collectable(merged, floor)) {
                continue;
            }
            if (!raised) {
                raiseFloor(namespace, floor);
                raised = true;
            }
            for (Map.Entry<Member, Head> held : merged.heads().entrySet()) {
                rows.computeIfAbsent(held.getKey(), m -> new ArrayList<>())
                        .add(new Exact(merged.key(), held.getValue().version()));
            }
            if (++gathered % PAGE == 0) {
                delete(namespace, rows);
            }
        }
        delete(namespace, rows);
    }

    /** Every provider that has the key holds the same record of it, and nobody will read that any more. */
    private boolean collectable(Merged merged, Version floor) {
        Head newest = merged.newest();
        if (newest == null || !merged.damaged().isEmpty() || newest.version().newerThan(floor)) {
            return false;
        }
        for (Head head : merged.heads().values()) {
            if (!head.sameAs(newest)) {
                return false;
            }
        }
        long patient = time.wallMillis() - parts.config().maxSkew().toMillis();
        return newest.tombstone() || newest.expired(patient);
    }

    private void raiseFloor(NamespaceId namespace, Version floor) throws InterruptedException, ProviderFault {
        atEach(
                members.all(),
                member -> member.call(provider -> {
                    provider.raiseFloor(namespace, floor);
                    return 0;
                }));
    }

    private void delete(NamespaceId namespace, Map<Member, List<Exact>> rows)
            throws InterruptedException, ProviderFault {
        atEach(List.copyOf(rows.keySet()), member -> {
            List<Exact> some = rows.getOrDefault(member, List.of());
            return some.isEmpty() ? 0 : member.call(provider -> provider.collect(namespace, some));
        });
        rows.clear();
    }

    /** Gives the number of deleted records. */
    private interface Part {
        int of(Member member) throws ProviderFault;
    }

    /** On threads of their own: who calls a provider that hangs is interrupted in the end, and this one must go on. */
    private void atEach(List<Member> some, Part part) throws InterruptedException, ProviderFault {
        AtomicReference<@Nullable ProviderFault> failed = new AtomicReference<>();
        Crew crew = new Crew(time, "collect", members.all().size());
        for (Member member : some) {
            crew.does(() -> {
                try {
                    parts.counters().collected.add(part.of(member));
                } catch (ProviderFault fault) {
                    failed.set(fault);
                }
            });
        }
        crew.finish();
        ProviderFault fault = failed.get();
        if (fault != null) {
            throw fault;
        }
    }
}
