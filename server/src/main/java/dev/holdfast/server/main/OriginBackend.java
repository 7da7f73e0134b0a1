package dev.holdfast.server.main;

import dev.holdfast.engine.admission.AdmittedStore;
import dev.holdfast.engine.edge.DiskLevel;
import dev.holdfast.engine.edge.EdgeConfig;
import dev.holdfast.engine.edge.Near;
import dev.holdfast.engine.edge.NearStore;
import dev.holdfast.engine.edge.OwnCoverage;
import dev.holdfast.engine.incident.Incidents;
import dev.holdfast.engine.provider.FailureDomain;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.replication.Rules;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.catalogue.CatalogueNamespaces;
import dev.holdfast.engine.replication.catalogue.ReplicatedCatalogue;
import dev.holdfast.engine.replication.sealing.NamespaceSeals;
import dev.holdfast.engine.time.Time;
import dev.holdfast.providers.rocksdb.RocksLocalStore;
import dev.holdfast.providers.rocksdb.RocksSettings;
import dev.holdfast.server.audit.AuditLog;
import dev.holdfast.server.config.ServerConfig;
import dev.holdfast.server.workerskv.UpstreamStore;
import dev.holdfast.server.workerskv.Upstreams;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;

/** Opens what stands behind an origin: its own state, its providers, the store over them. */
final class OriginBackend {
    private final ServerConfig config;
    private final Time time;
    private final Opened opened;
    private final Watching watching;
    private final Consumer<String> say;
    private final LiveHomes homes;
    private final ConfiguredResidency residency;

    OriginBackend(
            ServerConfig config,
            LiveHomes.Reload reload,
            Time time,
            Opened opened,
            Watching watching,
            Consumer<String> say) {
        this.config = config;
        this.time = time;
        this.opened = opened;
        this.watching = watching;
        this.say = say;
        this.residency = new ConfiguredResidency(config);
        this.homes = new LiveHomes(reload, config.drills(), time, residency::provider);
    }

    Backend open(DataFolder folder) throws StartFailed {
        String account = folder.account();
        LocalStore local = opened.add(local(folder));
        openHomes(local);
        List<Provider> providers = homes.all().stream().map(Providers::seen).toList();
        SequencedMap<String, FailureDomain> domains = new LinkedHashMap<>();
        providers.forEach(provider -> domains.put(provider.name(), provider.failureDomain()));
        Domains.facts(domains, local.failureDomain(), config.namespaces()).forEach(say);
        NamespaceSeals seals = Sealing.open(config.keys(), time);
        Rules rules = new Rules(seals, residency);
        ReplicatedStore store = opened.add(store(folder, local, providers, rules));
        homes.placed(store.placement());
        Optional<String> removed = store.removed();
        if (removed.isPresent()) {
            throw new StartFailed(removed.get());
        }
        ReplicatedCatalogue catalogue = opened.add(catalogue(local, store, folder.clusterKey()));
        seals.by(catalogue);
        CatalogueNamespaces namespaces =
                new CatalogueNamespaces(catalogue, time, config.namespaces().undo());
        residency.by(catalogue, namespaces);
        residency.guard(namespaces, store.placement());
        EdgeConfig cache = config.cache().edge();
        DiskLevel disk = CacheDisk.open(
                        folder.cache(),
                        cache,
                        time,
                        opened,
                        rules,
                        config.jurisdiction().orElse(""))
                .level();
        Quoting quoting = Quoting.open(store, catalogue, namespaces, time, opened);
        AdmittedStore admitted = Admitting.open(
                upstream(quoting.store(), store, namespaces),
                config.admission(),
                config.ramp(),
                namespaces,
                local,
                time,
                opened);
        NearStore near =
                new NearStore(admitted, time, cache, new OwnCoverage(store), Near.of(time, cache, disk, residency));
        Incidents incidents = watching.open(
                near, admitted, catalogue, namespaces, local, sources -> sources.withComparing(store::comparing));
        return new Backend(
                near,
                Optional.of(store),
                Optional.empty(),
                homes,
                admitted,
                incidents,
                local,
                catalogue,
                namespaces,
                store.changes(),
                quoting.quotas(),
                seals,
                residency,
                account);
    }

    private Store upstream(Store kept, ReplicatedStore store, CatalogueNamespaces namespaces) {
        return config.upstreams().isEmpty()
                ? kept
                : new UpstreamStore(
                        kept,
                        opened.add(new Upstreams(config.upstreams(), kept, store.system(), time)),
                        namespaces::find);
    }

    private LocalStore local(DataFolder folder) throws StartFailed {
        RocksSettings settings = RocksSettings.LOCAL;
        try {
            Optional<RocksLocalStore> known = RocksLocalStore.open(folder.local(), Providers.HERE, settings, time);
            if (known.isPresent()) {
                return known.get();
            }
            if (Files.exists(folder.path().resolve(AuditLog.NAME)) || folder.starts() > 0) {
                say.accept(
                        "The node's own state in " + folder.local() + " is gone, and with it the writes that only hints"
                                + " held; it begins anew, and takes namespaces and tokens from the providers.");
            }
            return RocksLocalStore.create(folder.local(), Providers.HERE, settings, time);
        } catch (LocalStoreFault e) {
            throw new StartFailed(
                    "The node's own state in " + folder.local() + " cannot be opened: " + e.getMessage() + ".", e);
        }
    }

    private void openHomes(LocalStore local) throws StartFailed {
        opened.add(homes);
        try {
            List<String> removed = ReplicatedStore.removedFrom(local);
            for (var provider : config.providers()) {
                if (removed.contains(provider.name())) {
                    say.accept(
                            "Provider " + provider.name() + " was removed from the placement and is not used; holdfast"
                                    + " provider add " + provider.name() + " takes it back.");
                } else {
                    homes.open(provider);
                }
            }
        } catch (LocalStoreFault e) {
            throw new StartFailed("The node's own state cannot be read: " + e.getMessage() + ".", e);
        }
    }

    /** Hints of an earlier time would be given away after the deletes that have undone them, and bring deleted keys back. */
    private static void refuseOlder(DataFolder folder, LocalStore local) throws StartFailed, LocalStoreFault {
        long last = folder.starts();
        long starts = ReplicatedStore.startsOf(local);
        if (starts == 0) {
            ReplicatedStore.countOn(local, last);
        } else if (starts < last) {
            throw new StartFailed(
                    "The node's own state in " + folder.local() + " is an older one: it has seen " + starts
                            + " starts, and this node has had " + last
                            + " (node-starts). Put the newest back, or move it away: the"
                            + " node then begins a new one and compares the providers.");
        }
    }

    private ReplicatedStore store(DataFolder folder, LocalStore local, List<Provider> providers, Rules rules)
            throws StartFailed {
        try {
            String node = folder.nodeName(ReplicatedStore.nodeOf(local));
            refuseOlder(folder, local);
            ReplicatedStore store = ReplicatedStore.open(config.replication(), time, local, node, providers, rules);
            folder.started(ReplicatedStore.startsOf(local));
            return store;
        } catch (LocalStoreFault e) {
            throw new StartFailed("The node's own state cannot be read: " + e.getMessage() + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailed("The start was interrupted.", e);
        }
    }

    private ReplicatedCatalogue catalogue(LocalStore local, ReplicatedStore store, byte[] clusterKey)
            throws StartFailed {
        try {
            return new ReplicatedCatalogue(time, local, store.clock(), store.system(), clusterKey);
        } catch (LocalStoreFault e) {
            throw new StartFailed("The catalogue of namespaces and tokens cannot be read: " + e.getMessage() + ".", e);
        }
    }
}
