package dev.holdfast.server.main;

import dev.holdfast.engine.edge.DiskLevel;
import dev.holdfast.engine.edge.EdgeConfig;
import dev.holdfast.engine.edge.Near;
import dev.holdfast.engine.edge.NearStore;
import dev.holdfast.engine.edge.OwnCoverage;
import dev.holdfast.engine.provider.FailureDomain;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.replication.catalogue.CatalogueNamespaces;
import dev.holdfast.engine.replication.catalogue.Purge;
import dev.holdfast.engine.replication.catalogue.ReplicatedCatalogue;
import dev.holdfast.engine.time.SystemTime;
import dev.holdfast.engine.time.Time;
import dev.holdfast.providers.rocksdb.RocksLocalStore;
import dev.holdfast.providers.rocksdb.RocksSettings;
import dev.holdfast.server.admin.AdminDoor;
import dev.holdfast.server.admin.MeasuredDoor;
import dev.holdfast.server.admin.Metrics;
import dev.holdfast.server.admin.Node;
import dev.holdfast.server.admin.Node.Home;
import dev.holdfast.server.audit.AuditLog;
import dev.holdfast.server.binding.BindingDoor;
import dev.holdfast.server.binding.MiniflareDoor;
import dev.holdfast.server.config.ServerConfig;
import dev.holdfast.server.http.Door;
import dev.holdfast.server.http.HttpLimits;
import dev.holdfast.server.http.HttpServer;
import dev.holdfast.server.http.Listener;
import dev.holdfast.server.rest.RestDoor;
import dev.holdfast.server.token.AdminTokenFile;
import dev.holdfast.server.token.TokenGatekeeper;
import dev.holdfast.server.token.Tokens;
import dev.holdfast.server.v1.NativeDoor;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node, put together from its configuration: data folder, providers, store, doors, ports. It starts with every provider
 * missing or broken, and then answers 503 on the data port and everything on the admin port.
 *
 * <p>{@link #stop} may be called from any thread, and more than once.
 */
public final class HoldfastServer {
    /** How long requests under way may take to finish once the server is told to stop. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(HoldfastServer.class);
    private static final long FOLLOW_NANOS = 1_000_000_000;
    private static final HttpLimits ADMIN_LIMITS = new HttpLimits(
            512,
            256,
            1,
            32 * 1024,
            64L * 1024 * 1024,
            Duration.ofSeconds(60),
            Duration.ofSeconds(10),
            Duration.ofSeconds(15),
            16 * 1024);

    private final ServerConfig config;
    private final Consumer<String> say;
    private final Time time = new SystemTime();
    private final Lifecycle lifecycle = new Lifecycle();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Opened opened = new Opened();
    private final Metrics metrics = new Metrics();
    private Optional<TlsRenewal> tls = Optional.empty();
    private int dataPort;
    private int adminPort;

    private HoldfastServer(ServerConfig config, Consumer<String> say) {
        this.config = config;
        this.say = say;
    }

    /**
     * Starts a server and returns once it serves.
     *
     * @param say takes what the operator should read, a line at a time; the first admin token is among it
     */
    public static HoldfastServer start(ServerConfig config, Consumer<String> say) throws StartFailed {
        HoldfastServer server = new HoldfastServer(config, say);
        try {
            server.open();
            return server;
        } catch (StartFailed | RuntimeException e) {
            server.unwind(e);
            throw e;
        }
    }

    private void unwind(Exception why) {
        lifecycle.stop();
        try {
            opened.close();
        } catch (Opened.StopFailed e) {
            why.addSuppressed(e);
        }
        lifecycle.stopped();
    }

    private void open() throws StartFailed {
        long startedAt = time.wallMillis();
        DataFolder folder = opened.add(DataFolder.open(config.data()));
        tls = TlsRenewal.of(config.tls(), time);
        String account = folder.account();
        AuditLog audit = opened.add(new AuditLog(
                folder.path(),
                config.logging().auditSize().bytes(),
                config.logging().auditFiles(),
                time));
        LocalStore local = opened.add(local(folder));
        List<Home> homes = homes();
        List<Provider> providers = homes.stream().map(Providers::seen).toList();
        SequencedMap<String, FailureDomain> domains = new LinkedHashMap<>();
        providers.forEach(provider -> domains.put(provider.name(), provider.failureDomain()));
        Domains.facts(domains, local.failureDomain(), config.namespaces()).forEach(say);
        ReplicatedStore store = opened.add(store(folder, local, providers));
        Optional<String> removed = store.removed();
        if (removed.isPresent()) {
            throw new StartFailed(removed.get());
        }
        ReplicatedCatalogue catalogue = opened.add(catalogue(local, store, folder.clusterKey()));
        CatalogueNamespaces namespaces =
                new CatalogueNamespaces(catalogue, time, config.namespaces().undo());
        Tokens tokens = new Tokens(catalogue, time);
        TokenGatekeeper gatekeeper = new TokenGatekeeper(tokens);
        NearStore near = near(folder, store);
        Node node = new Node(
                store,
                near,
                homes,
                config.drills(),
                () -> lifecycle.state() == Lifecycle.State.SERVING,
                version(),
                startedAt,
                account);
        metrics.show(node);
        tls.ifPresent(metrics::show);
        store.start(namespaces::ids);
        catalogue.start();
        // Not before the catalogue is here, or a node that has lost its disk would make a second admin token.
        adminToken(folder, tokens, audit);
        Purge purge = opened.add(new Purge(time, store, namespaces));
        purge.start();

        Door admin = new AdminDoor(node, metrics, tokens, gatekeeper, audit, tls);
        adminPort = listen(adminListener(), ADMIN_LIMITS, List.of(admin));
        BindingDoor binding = new BindingDoor(
                gatekeeper, namespaces, account, near, config.cache().ttl(), time);
        List<Door> doors = List.of(
                measured("miniflare", new MiniflareDoor(binding, gatekeeper::secret)),
                measured("binding", binding),
                measured(
                        "rest",
                        new RestDoor(
                                gatekeeper,
                                namespaces,
                                near,
                                config.cache().ttl(),
                                () -> config.namespaces().policy(),
                                audit,
                                time)),
                measured(
                        "native",
                        new NativeDoor(
                                near,
                                store.changes(),
                                catalogue,
                                config.cache().ttl(),
                                namespaces,
                                account,
                                config.namespaces(),
                                gatekeeper,
                                audit,
                                time)));
        var listen = config.dataPort().listen();
        Listener data = Listener.onVirtualThreads("data", listen.host(), listen.port(), context());
        dataPort = listen(data, config.dataPort().limits(), doors);
        tls.ifPresent(renewal -> {
            Thread follower = time.fork("tls-renewal", renewal::follow);
            opened.add(follower::interrupt);
        });
        lifecycle.serve();
        sayServing();
    }

    private LocalStore local(DataFolder folder) throws StartFailed {
        RocksSettings settings = RocksSettings.LOCAL;
        try {
            Optional<RocksLocalStore> known = RocksLocalStore.open(folder.local(), Providers.HERE, settings, time);
            if (known.isPresent()) {
                return known.get();
            }
            if (Files.exists(folder.path().resolve(AuditLog.NAME))
                    || Files.exists(folder.path().resolve("cluster-key"))) {
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

    private List<Home> homes() throws StartFailed {
        List<Home> homes = new ArrayList<>();
        for (var provider : config.providers()) {
            Home home = Providers.open(provider, config.drills(), time);
            opened.add(home.itself());
            homes.add(home);
        }
        return homes;
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

    private ReplicatedStore store(DataFolder folder, LocalStore local, List<Provider> providers) throws StartFailed {
        try {
            String node = folder.nodeName(ReplicatedStore.nodeOf(local));
            refuseOlder(folder, local);
            ReplicatedStore store = ReplicatedStore.open(config.replication(), time, local, node, providers);
            folder.started(ReplicatedStore.startsOf(local));
            return store;
        } catch (LocalStoreFault e) {
            throw new StartFailed("The node's own state cannot be read: " + e.getMessage() + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailed("The start was interrupted.", e);
        }
    }

    /** All that clients read and write passes here. */
    private NearStore near(DataFolder folder, ReplicatedStore store) throws StartFailed {
        EdgeConfig cache = config.cache().edge();
        DiskLevel disk = cache.diskBytes() == 0 ? null : opened.add(disk(folder, cache.diskBytes()));
        return new NearStore(store, time, cache, new OwnCoverage(store, time), Near.of(time, cache, disk));
    }

    /** A cache is worth less than a start: one that cannot be opened is begun anew. */
    private DiskLevel disk(DataFolder folder, long bytes) throws StartFailed {
        try {
            Optional<RocksLocalStore> known = openCache(folder);
            LocalStore local = opened.add(
                    known.isPresent()
                            ? known.get()
                            : RocksLocalStore.create(folder.cache(), Providers.HERE, RocksSettings.CACHE, time));
            return new DiskLevel(time, local, bytes);
        } catch (LocalStoreFault e) {
            throw new StartFailed("The cache in " + folder.cache() + " cannot be opened: " + e.getMessage() + ".", e);
        }
    }

    private Optional<RocksLocalStore> openCache(DataFolder folder) {
        try {
            return RocksLocalStore.open(folder.cache(), Providers.HERE, RocksSettings.CACHE, time);
        } catch (LocalStoreFault e) {
            LOG.warn("The cache in {} is begun anew: {}", folder.cache(), e.getMessage());
            return Optional.empty();
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

    private void adminToken(DataFolder folder, Tokens tokens, AuditLog audit) throws StartFailed {
        AdminTokenFile file = new AdminTokenFile(folder.path(), tokens, audit);
        try {
            file.begin()
                    .ifPresent(secret -> say.accept("Admin token, shown this once and kept in "
                            + folder.path().resolve(AdminTokenFile.NAME) + ": " + secret));
        } catch (IOException e) {
            throw new StartFailed("The admin token in " + folder.path() + " cannot be made: " + e + ".", e);
        }
        Thread follower = time.fork("admin-token", () -> follow(file));
        opened.add(follower::interrupt);
    }

    private void follow(AdminTokenFile file) {
        try {
            while (true) {
                time.sleep(FOLLOW_NANOS);
                file.follow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Door measured(String name, Door door) {
        return new MeasuredDoor(name, door, metrics, time);
    }

    /** Platform threads of its own: virtual ones share their carriers with a data port that may have none to spare. */
    private Listener adminListener() {
        ExecutorService threads = Executors.newFixedThreadPool(
                config.adminPort().threads(),
                Thread.ofPlatform().name("admin-call-", 0).daemon().factory());
        opened.add(threads::shutdownNow);
        var listen = config.adminPort().listen();
        return new Listener("admin", listen.host(), listen.port(), context(), threads);
    }

    private @Nullable SSLContext context() {
        return tls.map(TlsRenewal::context).orElse(null);
    }

    private int listen(Listener listener, HttpLimits limits, List<Door> doors) throws StartFailed {
        HttpServer server = new HttpServer(listener, limits, doors, time);
        try {
            server.start();
        } catch (IOException e) {
            throw new StartFailed("The " + listener.name() + " port " + e.getMessage() + ".", e);
        }
        opened.add(() -> server.stop(PATIENCE));
        tls.ifPresent(renewal -> renewal.presentTo(server::present));
        return server.port();
    }

    private void sayServing() {
        String scheme = tls.isPresent() ? "https://" : "http://";
        say.accept("Serving on " + scheme + shown(config.dataPort().listen().host(), dataPort) + ", admin on " + scheme
                + shown(config.adminPort().listen().host(), adminPort) + (config.drills() ? ", drills on" : "") + ".");
    }

    private static String shown(String host, int port) {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    private static String version() {
        String version = HoldfastServer.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** The port that the data port listens on. */
    public int dataPort() {
        return dataPort;
    }

    /** The port that the admin port listens on. */
    public int adminPort() {
        return adminPort;
    }

    /**
     * Lets the requests under way finish for as long as {@link #PATIENCE}, then closes everything in reverse order of the start.
     * Does nothing when the server is stopping already.
     */
    public void stop() {
        if (!lifecycle.stop()) {
            return;
        }
        try {
            opened.close();
        } catch (Opened.StopFailed e) {
            LOG.error("The server did not stop cleanly", e);
        }
        lifecycle.stopped();
        stopped.countDown();
    }

    /** Returns once the server has stopped. */
    public void awaitStopped() throws InterruptedException {
        stopped.await();
    }
}
