package dev.holdfast.server.main;

import dev.holdfast.engine.admission.AccountQuotas;
import dev.holdfast.engine.admission.Lanes;
import dev.holdfast.engine.incident.IncidentConfig;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.replication.catalogue.CatalogueNamespaces;
import dev.holdfast.engine.replication.catalogue.Purge;
import dev.holdfast.engine.time.Background;
import dev.holdfast.engine.time.SystemTime;
import dev.holdfast.engine.time.Time;
import dev.holdfast.server.admin.AdminDoor;
import dev.holdfast.server.admin.MeasuredDoor;
import dev.holdfast.server.admin.Metrics;
import dev.holdfast.server.admin.Node;
import dev.holdfast.server.api.Doorway;
import dev.holdfast.server.api.NearReads;
import dev.holdfast.server.audit.AuditLog;
import dev.holdfast.server.backup.Backups;
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
import dev.holdfast.server.webhook.Webhooks;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
    private static final long TOLD_NANOS = 2 * FOLLOW_NANOS;
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
    private final LiveHomes.Reload reload;
    private final Consumer<String> say;
    private final Time time = new SystemTime();
    private final Lifecycle lifecycle = new Lifecycle();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Opened opened = new Opened();
    private final Metrics metrics = new Metrics();
    private Optional<TlsRenewal> tls = Optional.empty();
    private int dataPort;
    private int adminPort;

    private HoldfastServer(ServerConfig config, LiveHomes.Reload reload, Consumer<String> say) {
        this.config = config;
        this.reload = reload;
        this.say = say;
    }

    /**
     * Starts a server and returns once it serves.
     *
     * @param say takes what the operator should read, a line at a time; the first admin token is among it
     */
    public static HoldfastServer start(ServerConfig config, Consumer<String> say) throws StartFailed {
        return start(config, () -> config, say);
    }

    /** @param reload reads the configuration again, for a provider that is added */
    static HoldfastServer start(ServerConfig config, LiveHomes.Reload reload, Consumer<String> say) throws StartFailed {
        HoldfastServer server = new HoldfastServer(config, reload, say);
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
        AuditLog audit = opened.add(new AuditLog(
                folder.path(),
                config.logging().auditSize().bytes(),
                config.logging().auditFiles(),
                time));
        Watching watching = new Watching(IncidentConfig.DEFAULT, time, opened, tls);
        Backend backend = switch (config.origins().role()) {
            case ORIGIN -> new OriginBackend(config, reload, time, opened, watching, say).open(folder);
            case EDGE -> new EdgeBackend(config, time, opened, watching).open(folder);
        };
        CatalogueNamespaces namespaces = backend.namespaces();
        backend.admitted().ramp().listen(new RampAudit(audit));
        Tokens tokens = new Tokens(backend.catalogue(), time);
        TokenGatekeeper gatekeeper = new TokenGatekeeper(tokens);
        audit.tell(new Chronicle(backend.incidents(), tokens));
        Webhooks webhooks = Watching.tell(config.webhooks(), backend, time, opened, this::adminUrl);
        Optional<Backups> backups = BackingUp.open(config.backup(), config.upstreams(), backend, time, opened);
        watching.watch(backups);
        Node node = new Node(
                backend.changes().node(),
                backend.origin(),
                backend.near(),
                backend.admitted(),
                backend.quotas(),
                backend.seals(),
                backend.residency(),
                backend.incidents(),
                webhooks,
                backend.homes(),
                backups,
                config.drills(),
                () -> lifecycle.state() == Lifecycle.State.SERVING,
                version(),
                startedAt,
                backend.account());
        metrics.show(node);
        backend.origins().ifPresent(origins -> metrics.show(origins::statistics));
        tls.ifPresent(metrics::show);
        if (backend.origin().isPresent()) {
            begin(backend.origin().get(), backend, namespaces);
            // Not before the catalogue is here, or a node that has lost its disk would make a second admin token.
            adminToken(folder, tokens, audit);
            backups.ifPresent(Backups::start);
        }

        Door admin = new AdminDoor(
                node,
                metrics,
                tokens,
                namespaces,
                new AccountQuotas(backend.catalogue()),
                gatekeeper,
                audit,
                tls,
                time);
        adminPort = listen(adminListener(), ADMIN_LIMITS, List.of(admin));
        webhooks.start();
        Lanes lanes = opened.add(new Lanes(time, new Processor(config.maxProcessor())::full));
        metrics.show(lanes);
        opened.add(
                new Forgetting(time, namespaces, List.of(backend.near().traffic()::forget, backend.quotas()::forget)));
        NearReads near = new NearReads(backend.near());
        Doorway doorway = new Doorway(backend.admitted().gates(), backend.quotas(), lanes);
        BindingDoor binding = new BindingDoor(
                gatekeeper,
                namespaces,
                doorway,
                backend.account(),
                near,
                config.cache().ttl(),
                time);
        List<Door> doors = List.of(
                measured("miniflare", new MiniflareDoor(binding, gatekeeper::secret)),
                measured("binding", binding),
                measured(
                        "rest",
                        new RestDoor(
                                gatekeeper,
                                namespaces,
                                doorway,
                                near,
                                config.cache().ttl(),
                                () -> config.namespaces().policy(),
                                audit,
                                time)),
                measured(
                        "native",
                        new NativeDoor(
                                near,
                                backend.admitted(),
                                backend.origin().map(ReplicatedStore::system),
                                backend.changes(),
                                backend.catalogue(),
                                config.cache().ttl(),
                                namespaces,
                                doorway,
                                backend.account(),
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

    private void begin(ReplicatedStore store, Backend backend, CatalogueNamespaces namespaces) {
        store.start(namespaces::ids);
        backend.catalogue().start();
        Thread teller = Background.start(time, "placement", () -> tell(store));
        opened.add(() -> Background.end(teller));
        Purge purge = opened.add(new Purge(time, store, namespaces));
        purge.start();
    }

    /** Other nodes wait for what this one does with a provider. */
    private static long tell(ReplicatedStore store) {
        try {
            store.placement().tell();
        } catch (LocalStoreFault e) {
            LOG.warn("What this node does with its providers cannot be read from its disk: {}", e.getMessage());
        }
        return TOLD_NANOS;
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
        say.accept("Serving on " + scheme() + shown(config.dataPort().listen().host(), dataPort) + ", admin on "
                + adminUrl() + (config.drills() ? ", drills on" : "") + ".");
    }

    private String adminUrl() {
        return scheme() + shown(config.adminPort().listen().host(), adminPort);
    }

    private String scheme() {
        return tls.isPresent() ? "https://" : "http://";
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
