package dev.holdfast.simulation.recovery;

import dev.holdfast.engine.admission.AdmissionConfig;
import dev.holdfast.engine.edge.NearAnswer;
import dev.holdfast.engine.edge.NearStore;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.Store.Answer;
import dev.holdfast.engine.replication.Store.Condition;
import dev.holdfast.simulation.parts.Latency;
import dev.holdfast.simulation.scheduler.Scheduler;
import dev.holdfast.simulation.scheduler.SimulatedTime;
import dev.holdfast.simulation.world.Fleet;
import dev.holdfast.simulation.world.Fleet.Node;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The engine that ships: one origin over two providers, and an edge at each place. */
final class HoldfastStack implements Stack {
    private static final byte[] NOTHING = {};
    /** Within a region. */
    private static final Latency WAYS = new Latency(500_000, 1_000_000, 0, 0);

    private final SimulatedTime users;
    private final Fleet fleet;
    private final long ttlNanos;

    HoldfastStack(
            SimulatedTime users,
            List<Namespace> namespaces,
            int places,
            long ttlNanos,
            AdmissionConfig admission,
            List<? extends Provider> providers,
            Scheduler scheduler,
            SplittableRandom random) {
        this.users = users;
        this.ttlNanos = ttlNanos;
        this.fleet =
                new Fleet(new Fleet.Setup(namespaces, places, ttlNanos, admission, WAYS), providers, scheduler, random);
    }

    Fleet fleet() {
        return fleet;
    }

    @Override
    public void begin(SimulatedTime world) {
        fleet.begin(world);
    }

    @Override
    public void start() {
        fleet.start();
    }

    @Override
    public void crash() {
        fleet.crash();
    }

    @Override
    public void fill(Namespace namespace, Key key, byte[] value) {
        Wrote wrote =
                fleet.origin().ask(users, put(namespace, key, value, Condition.NONE), GIVE_UP_NANOS, Wrote.FAILED);
        if (wrote != Wrote.ACKNOWLEDGED) {
            throw new IllegalStateException("all is well as yet, and a write comes to " + wrote);
        }
    }

    @Override
    public @Nullable Got atOnce(int place, Namespace namespace, Key key) {
        Node node = fleet.edge(place).now();
        NearAnswer hit = node == null ? null : node.near().atOnce(namespace, key, ttlNanos);
        return hit == null ? null : got(hit.answer(), hit.ageMillis());
    }

    @Override
    public Got read(int place, Namespace namespace, Key key, boolean confirmed) {
        return fleet.edge(place)
                .ask(
                        users,
                        node -> confirmed ? confirmed(node.near(), namespace, key) : near(node.near(), namespace, key),
                        GIVE_UP_NANOS,
                        Got.Nothing.FAILED);
    }

    private Got near(NearStore near, Namespace namespace, Key key) {
        NearAnswer answer = near.read(namespace, key, ttlNanos);
        return got(answer.answer(), answer.ageMillis());
    }

    private static Got confirmed(NearStore near, Namespace namespace, Key key) {
        return got(near.get(namespace.id(), key, Store.ReadMode.CONFIRMED), 0);
    }

    private static Got got(Answer answer, long ageMillis) {
        return switch (answer) {
            case Answer.Found(Record record, var _) ->
                new Got.Value(Stack.number(record.value()), ageMillis * 1_000_000, record.version());
            case Answer.Missing _ -> Got.Nothing.ABSENT;
            case Answer.Unavailable _ -> Got.Nothing.FAILED;
        };
    }

    @Override
    public Wrote write(int place, Namespace namespace, Key key, byte[] value, Got.@Nullable Value seen) {
        Condition condition = seen == null ? Condition.NONE : new Condition.Matches(seen.version());
        return fleet.edge(place).ask(users, put(namespace, key, value, condition), GIVE_UP_NANOS, Wrote.FAILED);
    }

    private static Function<Node, Wrote> put(Namespace namespace, Key key, byte[] value, Condition condition) {
        return node -> switch (node.near().put(namespace, key, value, NOTHING, Record.NEVER, condition)) {
            case Store.Written.Acknowledged _ -> Wrote.ACKNOWLEDGED;
            case Store.Written.ConditionFailed _ -> Wrote.OVERTAKEN;
            case Store.Written.Refused _, Store.Written.Unknown _ -> Wrote.FAILED;
        };
    }

    @Override
    public void delete(int place, Namespace namespace, Key key) {
        fleet.edge(place)
                .ask(users, node -> node.near().delete(namespace, key, Condition.NONE) != null, GIVE_UP_NANOS, false);
    }
}
