package dev.holdfast.server.compat;

import dev.holdfast.engine.admission.Gates;
import dev.holdfast.engine.admission.Lanes;
import dev.holdfast.engine.admission.Quotas;
import dev.holdfast.engine.admission.StoredUse.Stored;
import dev.holdfast.engine.edge.Coverage;
import dev.holdfast.engine.edge.EdgeConfig;
import dev.holdfast.engine.edge.Near;
import dev.holdfast.engine.edge.NearStore;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.replication.Store.Reason;
import dev.holdfast.engine.replication.Store.Refusal;
import dev.holdfast.engine.replication.catalogue.Namespaces.Changed;
import dev.holdfast.engine.time.SystemTime;
import dev.holdfast.providers.rocksdb.RocksLocalStore;
import dev.holdfast.providers.rocksdb.RocksSettings;
import dev.holdfast.server.api.Doorway;
import dev.holdfast.server.api.NearReads;
import dev.holdfast.server.audit.AuditLog;
import dev.holdfast.server.binding.BindingDoor;
import dev.holdfast.server.binding.MiniflareDoor;
import dev.holdfast.server.http.Call;
import dev.holdfast.server.http.Gatekeeper;
import dev.holdfast.server.http.Grant;
import dev.holdfast.server.http.HttpLimits;
import dev.holdfast.server.http.HttpServer;
import dev.holdfast.server.http.Listener;
import dev.holdfast.server.http.Permission;
import dev.holdfast.server.http.RawClient;
import dev.holdfast.server.rest.RestDoor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The compatible doors on a real socket, over a store in memory. */
public final class TestServer implements AutoCloseable {
    public static final String ACCOUNT = "0123456789abcdef0123456789abcdef";
    public static final Refusal NO_PROVIDER = new Refusal(Reason.NO_PROVIDER, "no provider can be reached");
    private static final SystemTime TIME = new SystemTime();

    public final MemoryStore store = new MemoryStore(TIME);
    public final MemoryNamespaces namespaces = new MemoryNamespaces();
    public final Namespace first = made("first");
    public final Namespace second = made("second");
    private final AuditLog audit;
    public final Gates gates;
    private final LocalStore local;
    private final Lanes lanes;
    private final Quotas quotas;
    public volatile Stored stored = Stored.UNKNOWN;
    private final HttpServer server;

    public TestServer(Path folder) throws IOException {
        audit = new AuditLog(folder, 1_000_000, 1, TIME);
        try {
            local = RocksLocalStore.create(folder.resolve("local"), "here", RocksSettings.LOCAL, TIME);
            gates = Gates.open(TIME, local);
        } catch (LocalStore.LocalStoreFault fault) {
            throw new IOException(fault);
        }
        Gatekeeper gatekeeper = this::authenticate;
        EdgeConfig cache = EdgeConfig.DEFAULT;
        NearStore near = new NearStore(store, TIME, cache, Coverage.NONE, Near.of(TIME, cache, null));
        lanes = new Lanes(TIME, () -> false);
        quotas = new Quotas(TIME, id -> stored, Map::of, account -> List.of(), () -> 1);
        NearReads reads = new NearReads(near);
        Doorway doorway = new Doorway(gates, quotas, lanes);
        BindingDoor binding = new BindingDoor(gatekeeper, namespaces, doorway, ACCOUNT, reads, Duration.ZERO, TIME);
        server = new HttpServer(
                Listener.onVirtualThreads("test", "127.0.0.1", 0, null),
                HttpLimits.DEFAULT,
                List.of(
                        new MiniflareDoor(binding, this::secret),
                        binding,
                        new RestDoor(
                                gatekeeper,
                                namespaces,
                                doorway,
                                reads,
                                Duration.ZERO,
                                () -> Namespace.Policy.DEFAULT,
                                audit,
                                TIME)),
                TIME);
        server.start();
    }

    public Namespace made(String title) {
        return switch (namespaces.create(ACCOUNT, title, "", "", Namespace.Policy.DEFAULT)) {
            case Changed.Done done -> done.namespace();
            default -> throw new IllegalStateException(title);
        };
    }

    public int port() {
        return server.port();
    }

    /** {@code good} may do everything; {@code first-read} and the like one thing in one namespace. */
    private Gatekeeper.Pass authenticate(Call call) {
        String authorization = call.header("Authorization");
        if (authorization == null) {
            return new Gatekeeper.Pass.Denied(
                    call.header("X-Auth-Email") != null
                            ? Gatekeeper.Kind.MALFORMED_KEY
                            : call.header("X-Auth-Key") != null
                                    ? Gatekeeper.Kind.MALFORMED_EMAIL
                                    : Gatekeeper.Kind.MISSING);
        }
        if (!authorization.startsWith("Bearer ")) {
            return new Gatekeeper.Pass.Denied(Gatekeeper.Kind.MALFORMED_AUTHORIZATION);
        }
        return secret(authorization.substring(7));
    }

    private Gatekeeper.Pass secret(String secret) {
        return switch (secret) {
            case "good" -> new Gatekeeper.Pass.Granted(new TestGrant(null, Set.of(Permission.values())));
            case "first-read" -> new Gatekeeper.Pass.Granted(new TestGrant(first.id(), Set.of(Permission.READ)));
            case "first-list" -> new Gatekeeper.Pass.Granted(new TestGrant(first.id(), Set.of(Permission.LIST)));
            case "first-write" -> new Gatekeeper.Pass.Granted(new TestGrant(first.id(), Set.of(Permission.WRITE)));
            case "first-all" -> new Gatekeeper.Pass.Granted(new TestGrant(first.id(), Set.of(Permission.values())));
            default -> new Gatekeeper.Pass.Denied(Gatekeeper.Kind.INVALID);
        };
    }

    private record TestGrant(@Nullable NamespaceId only, Set<Permission> permissions) implements Grant {
        @Override
        public String tokenId() {
            return "test";
        }

        @Override
        public boolean may(Permission permission, NamespaceId namespace) {
            return permissions.contains(permission) && (only == null || only.equals(namespace));
        }

        @Override
        public boolean mayEverywhere(Permission permission) {
            return only == null && permissions.contains(permission);
        }
    }

    /** Sends a request on a connection of its own. Header lines begin with their names; the body may be empty. */
    public RawClient.Answer send(String method, String target, byte[] body, String... headers) throws IOException {
        StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: fake-host\r\n");
        if (List.of(headers).stream().noneMatch(header -> header.startsWith("Authorization"))) {
            head.append("Authorization: Bearer good\r\n");
        }
        for (String header : headers) {
            if (!header.isEmpty() && !header.equals("Authorization")) {
                head.append(header).append("\r\n");
            }
        }
        if (body.length > 0) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        try (RawClient client = new RawClient(port())) {
            return client.send(head.append("\r\n").toString()).send(body).read();
        }
    }

    public RawClient.Answer send(String method, String target, String body, String... headers) throws IOException {
        return send(method, target, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    @Override
    public void close() throws IOException {
        server.stop(Duration.ofSeconds(5));
        lanes.close();
        quotas.close();
        audit.close();
        local.close();
    }
}
