package dev.holdfast.server.main;

import dev.holdfast.engine.admission.AdmittedStore;
import dev.holdfast.engine.edge.Coverage;
import dev.holdfast.engine.edge.EdgeConfig;
import dev.holdfast.engine.edge.FeedFollower;
import dev.holdfast.engine.edge.Near;
import dev.holdfast.engine.edge.NearStore;
import dev.holdfast.engine.edge.Pinned;
import dev.holdfast.engine.edge.Relay;
import dev.holdfast.engine.incident.Incidents;
import dev.holdfast.engine.incident.Sources;
import dev.holdfast.engine.kv.HybridClock;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.replication.Rules;
import dev.holdfast.engine.replication.StoreStatus.ClockView;
import dev.holdfast.engine.replication.catalogue.CatalogueNamespaces;
import dev.holdfast.engine.replication.catalogue.ReplicatedCatalogue;
import dev.holdfast.engine.replication.sealing.NamespaceSeals;
import dev.holdfast.engine.time.Time;
import dev.holdfast.providers.rocksdb.RocksLocalStore;
import dev.holdfast.providers.rocksdb.RocksSettings;
import dev.holdfast.server.admin.Homes;
import dev.holdfast.server.config.OriginsConfig;
import dev.holdfast.server.config.ServerConfig;
import dev.holdfast.server.edge.Origins;
import dev.holdfast.server.edge.RemoteCatalogue;
import dev.holdfast.server.edge.RemoteChanges;
import dev.holdfast.server.edge.RemoteStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens what stands behind an edge: the origins, their catalogue as this node keeps it, and what is near. It starts with every
 * origin dead, if it has ever heard of one, and then serves what it knows.
 */
final class EdgeBackend {
    private static final Logger LOG = LoggerFactory.getLogger(EdgeBackend.class);
    /** Of changes that are told on: those of a minute or so at a busy origin. Who lags further behind asks anew. */
    private static final long RELAYED_BYTES = 16L << 20;

    private final ServerConfig config;
    private final OriginsConfig origins;
    private final Time time;
    private final Opened opened;
    private final Watching watching;

    EdgeBackend(ServerConfig config, Time time, Opened opened, Watching watching) {
        this.config = config;
        this.origins = config.origins();
        this.time = time;
        this.opened = opened;
        this.watching = watching;
    }

    Backend open(DataFolder folder) throws StartFailed {
        LocalStore local = opened.add(local(folder));
        Relay relay = new Relay(time, RELAYED_BYTES);
        Origins all = opened.add(reach(origins.urls(), relay.node()));
        RemoteCatalogue remote = new RemoteCatalogue(all);
        ReplicatedCatalogue catalogue = opened.add(catalogue(local, remote, folder.keyOf(origins.clusterKey())));
        catalogue.start();
        NamespaceSeals seals = Sealing.open(config.keys(), time);
        seals.by(catalogue);
        CatalogueNamespaces namespaces =
                new CatalogueNamespaces(catalogue, time, config.namespaces().undo());
        ConfiguredResidency residency = new ConfiguredResidency(config);
        residency.by(catalogue, namespaces);
        Rules rules = new Rules(seals, residency);
        EdgeConfig cache = config.cache().edge();
        CacheDisk disk = CacheDisk.open(
                folder.cache(),
                cache,
                time,
                opened,
                rules,
                config.jurisdiction().orElse(""));
        Near near = Near.of(time, cache, disk.level(), residency);
        catalogue.whenAdopted(relay::catalogueChanged);
        List<FeedFollower> feeds = new ArrayList<>();
        List<RemoteChanges> heard = new ArrayList<>();
        for (URI origin : origins.urls()) {
            RemoteChanges changes = new RemoteChanges(opened.add(reach(List.of(origin), relay.node())), time);
            heard.add(changes);
            feeds.add(opened.add(new FeedFollower(time, changes, near, relay, catalogue::refresh)));
        }
        RemoteStore there = new RemoteStore(all, time, () -> clocks(heard));
        Coverage coverage = Coverage.all(feeds);
        AdmittedStore admitted =
                Admitting.open(there, config.admission(), config.ramp(), namespaces, local, time, opened);
        NearStore store = new NearStore(admitted, time, cache, coverage, near);
        opened.add(new Pinned(
                time, there, coverage, near, disk.local(), cache, () -> pinned(namespaces, residency), rules));
        Incidents incidents = watching.open(
                store, admitted, catalogue, namespaces, local, sources -> sources.withFeeds(() -> followed(feeds)));
        return new Backend(
                store,
                Optional.empty(),
                Optional.of(all),
                Homes.NONE,
                admitted,
                incidents,
                local,
                catalogue,
                namespaces,
                relay,
                Quoting.ofEdge(catalogue, namespaces, time, opened),
                seals,
                residency,
                account(folder, remote));
    }

    private static List<Namespace> pinned(CatalogueNamespaces namespaces, ConfiguredResidency residency) {
        return namespaces.pinned().stream()
                .filter(namespace -> residency.here(namespace.id()))
                .toList();
    }

    private List<Sources.Feed> followed(List<FeedFollower> feeds) {
        List<Sources.Feed> followed = new ArrayList<>();
        for (int i = 0; i < feeds.size(); i++) {
            followed.add(new Sources.Feed(
                    origins.urls().get(i).toString(), feeds.get(i).silentMillis()));
        }
        return followed;
    }

    private List<ClockView> clocks(List<RemoteChanges> heard) {
        List<ClockView> clocks = new ArrayList<>();
        for (int i = 0; i < heard.size(); i++) {
            String origin = "origin " + origins.urls().get(i);
            heard.get(i).clock().ifPresent(bounds -> clocks.add(new ClockView(origin, bounds)));
        }
        return clocks;
    }

    /** What was heard with the catalogue; asked for alone if an earlier start was cut off between the two. */
    private static String account(DataFolder folder, RemoteCatalogue remote) throws StartFailed {
        String heard = remote.account();
        return folder.accountOfOrigin(heard.isEmpty() && !folder.hasAccount() ? remote.hear() : heard);
    }

    private Origins reach(List<URI> urls, String node) {
        return new Origins(urls, node, this::token, null, config.replication().readTimeout());
    }

    /** Read each time: it can be changed while the server runs. Without one the origins refuse, as with a wrong one. */
    private String token() {
        try {
            return Files.readString(origins.token()).strip();
        } catch (IOException e) {
            LOG.warn("The token for the origins cannot be read: {}", e.toString());
            return "none";
        }
    }

    private LocalStore local(DataFolder folder) throws StartFailed {
        try {
            Optional<RocksLocalStore> known =
                    RocksLocalStore.open(folder.local(), Providers.HERE, RocksSettings.LOCAL, time);
            return known.isPresent()
                    ? known.get()
                    : RocksLocalStore.create(folder.local(), Providers.HERE, RocksSettings.LOCAL, time);
        } catch (LocalStoreFault e) {
            throw new StartFailed(
                    "The node's own state in " + folder.local() + " cannot be opened: " + e.getMessage() + ".", e);
        }
    }

    private ReplicatedCatalogue catalogue(LocalStore local, RemoteCatalogue remote, byte[] clusterKey)
            throws StartFailed {
        HybridClock never = new HybridClock(time, 0, 0, 0, millis -> {
            throw new HybridClock.NotReserved(
                    "this node is an edge; namespaces and tokens are made at an origin", false, new IOException());
        });
        try {
            return new ReplicatedCatalogue(time, local, never, remote, clusterKey);
        } catch (LocalStoreFault e) {
            throw new StartFailed("The catalogue of namespaces and tokens cannot be read: " + e.getMessage() + ".", e);
        }
    }
}
