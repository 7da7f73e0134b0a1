package dev.holdfast.simulation.world;

import dev.holdfast.engine.admission.AdmissionConfig;
import dev.holdfast.engine.admission.AdmittedStore;
import dev.holdfast.engine.admission.RampConfig;
import dev.holdfast.engine.admission.Standing;
import dev.holdfast.engine.edge.Coverage;
import dev.holdfast.engine.edge.EdgeConfig;
import dev.holdfast.engine.edge.FeedFollower;
import dev.holdfast.engine.edge.Near;
import dev.holdfast.engine.edge.NearStore;
import dev.holdfast.engine.edge.OwnCoverage;
import dev.holdfast.engine.edge.Relay;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.replication.ChangeLog;
import dev.holdfast.engine.replication.ProviderState;
import dev.holdfast.engine.replication.ReplicatedStore;
import dev.holdfast.engine.replication.ReplicationConfig;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.simulation.parts.Latency;
import dev.holdfast.simulation.parts.SimulatedDisk;
import dev.holdfast.simulation.scheduler.Process;
import dev.holdfast.simulation.scheduler.Scheduler;
import dev.holdfast.simulation.scheduler.SimulatedTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One origin over some providers and edges before it, each put together as the server does it, for worlds that are told and not drawn.
 * What is near lies in memory alone. Confined to the world.
 */
public final class Fleet {
    private static final long POLL_NANOS = 100_000_000L;
    private static final long RELAYED_BYTES = 1L << 20;
    private static final Latency DISK = new Latency(1_000_000, 1_000_000, 0, 0);

    private final Setup setup;
    private final List<Provider> providers;
    private final Map<NamespaceId, Namespace> namespaces;
    private final SimulatedDisk disk;
    private final Server<Node> origin;
    private final List<Server<Node>> edges = new ArrayList<>();

    /**
     * @param ttlNanos for how long an answer is good enough, everywhere
     * @param admission at the origin; edges have the defaults
     * @param ways from an edge to the origin, one way
     */
    public record Setup(List<Namespace> namespaces, int edges, long ttlNanos, AdmissionConfig admission, Latency ways) {
        public Setup {
            namespaces = List.copyOf(namespaces);
        }
    }

    /**
     * A process that serves.
     *
     * @param providers the store over them; null at an edge
     */
    public record Node(
            NearStore near,
            AdmittedStore admitted,
            ChangeLog changes,
            @Nullable ReplicatedStore providers) implements Serving {
        @Override
        public Store store() {
            return near;
        }
    }

    public Fleet(Setup setup, List<? extends Provider> providers, Scheduler scheduler, SplittableRandom random) {
        this.setup = setup;
        this.providers = List.copyOf(providers);
        this.namespaces = setup.namespaces().stream().collect(Collectors.toMap(Namespace::id, each -> each));
        this.disk = new SimulatedDisk("origin", scheduler, random.split(), DISK, false);
        this.origin = new Server<>("origin", scheduler, random.split(), this::bootOrigin, disk::crash);
        SimulatedTime network = new SimulatedTime(scheduler, new Process("network"), random.split());
        for (int i = 0; i < setup.edges(); i++) {
            Wire wire = new Wire(host(), scheduler, network, random.split(), setup.ways());
            SimulatedDisk own = new SimulatedDisk("edge-" + i, scheduler, random.split(), DISK, false);
            edges.add(new Server<>(
                    "edge-" + i, scheduler, random.split(), time -> bootEdge(time, wire, own), own::crash));
        }
    }

    private Serving.Host host() {
        return new Serving.Host() {
            @Override
            public String name() {
                return "origin";
            }

            @Override
            public <T> @Nullable T serve(Function<Serving, T> call, T whenDead) {
                return origin.machine().ask(call::apply, whenDead);
            }
        };
    }

    private Standing standing(NamespaceId id) {
        return Standing.of(named(id));
    }

    private Namespace named(NamespaceId id) {
        return Objects.requireNonNull(namespaces.get(id), () -> id + " is no namespace of this world");
    }

    private Node bootOrigin(SimulatedTime time) {
        try {
            ReplicatedStore store = ReplicatedStore.open(ReplicationConfig.DEFAULT, time, disk, "origin", providers);
            List<NamespaceId> ids =
                    setup.namespaces().stream().map(Namespace::id).toList();
            store.start(() -> ids);
            AdmittedStore admitted =
                    AdmittedStore.open(store, time, setup.admission(), RampConfig.DEFAULT, this::standing, disk);
            EdgeConfig cache = EdgeConfig.DEFAULT;
            Near near = Near.simulated(time, cache, null);
            return new Node(
                    new NearStore(admitted, time, cache, new OwnCoverage(store), near),
                    admitted,
                    store.changes(),
                    store);
        } catch (LocalStoreFault fault) {
            throw new IllegalStateException("this disk never fails", fault);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a start", e);
        }
    }

    private Node bootEdge(SimulatedTime time, Wire wire, SimulatedDisk own) {
        try {
            EdgeConfig cache = EdgeConfig.DEFAULT;
            Near near = Near.simulated(time, cache, null);
            Relay relay = new Relay(time, RELAYED_BYTES);
            Coverage coverage = new FeedFollower(time, new WiredChanges(wire, time), near, relay, () -> {});
            WiredStore remote = new WiredStore(this::named, setup.ttlNanos(), time, List.of(wire), null);
            AdmittedStore admitted =
                    AdmittedStore.open(remote, time, AdmissionConfig.DEFAULT, RampConfig.DEFAULT, this::standing, own);
            return new Node(new NearStore(admitted, time, cache, coverage, near), admitted, relay, null);
        } catch (LocalStoreFault fault) {
            throw new IllegalStateException("this disk never fails", fault);
        }
    }

    /** Starts all, and returns once they serve and the origin takes all its providers for current. */
    public void begin(SimulatedTime world) {
        start();
        while (!settled()) {
            world.park(POLL_NANOS);
        }
    }

    /** Begins to start all that does not run. */
    public void start() {
        origin.start();
        edges.forEach(Server::start);
    }

    /** All lose their power at once, and what was near is gone. */
    public void crash() {
        edges.forEach(Server::crash);
        origin.crash();
    }

    private boolean settled() {
        Node node = origin.now();
        return node != null
                && edges.stream().allMatch(edge -> edge.now() != null)
                && currentProviders() == providers.size();
    }

    /** How many providers the origin takes for current. */
    public int currentProviders() {
        Node node = origin.now();
        ReplicatedStore store = node == null ? null : node.providers();
        return store == null
                ? 0
                : (int) store.status().providers().stream()
                        .filter(provider -> provider.state() == ProviderState.CURRENT)
                        .count();
    }

    public Server<Node> origin() {
        return origin;
    }

    public Server<Node> edge(int index) {
        return edges.get(index);
    }
}
