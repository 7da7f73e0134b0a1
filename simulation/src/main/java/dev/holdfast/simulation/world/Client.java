package dev.holdfast.simulation.world;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.simulation.history.Operation;
import dev.holdfast.simulation.history.Outcome;
import dev.holdfast.simulation.scheduler.SimulatedTime;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Calls the store, one call after the other, and writes down what came of each. */
final class Client {
    private static final long REFUSED_PAUSE_NANOS = 5_000_000L;
    private static final byte[] NOTHING = {};
    /** One call in so many goes to another node than the client's own. */
    private static final int ELSEWHERE = 8;

    private final String name;
    private final Node own;
    private final Stage stage;
    private final SplittableRandom random;
    private final Map<Key, Version> seen = new HashMap<>();
    private int calls;

    /**
     * What a client shares with the rest of the world.
     *
     * @param expiring how many in a hundred puts expire, of keys that are not written on conditions
     */
    record Stage(
            List<Node> nodes,
            SimulatedTime time,
            Recorder recorder,
            Namespace namespace,
            List<Key> keys,
            int expiring,
            Consumer<Operation> done) {

        /**
         * Whether the key is one for compare-and-set. All its writes go through one node, as DESIGN rule 12 asks, and none of its
         * values expires.
         */
        boolean conditional(Key key) {
            return keys.indexOf(key) % 2 == 0;
        }
    }

    Client(String name, Node own, Stage stage, SplittableRandom random) {
        this.name = name;
        this.own = own;
        this.stage = stage;
        this.random = random;
    }

    void run(long thinkNanos, BooleanSupplier over) {
        long due = stage.time().nanos();
        while (!over.getAsBoolean()) {
            due = Math.max(stage.time().nanos(), due + random.nextLong(thinkNanos));
            stage.time().park(due - stage.time().nanos());
            one();
        }
    }

    private void one() {
        Key key = stage.keys().get(random.nextInt(stage.keys().size()));
        int dice = random.nextInt(100);
        if (dice < 45) {
            get(key, dice < 5 ? Store.ReadMode.FRESH : Store.ReadMode.CONFIRMED);
        } else if (dice < 75) {
            put(key, Store.Condition.NONE);
        } else if (dice < 87) {
            delete(key, Store.Condition.NONE);
        } else if (dice < 95) {
            put(key, condition(key));
        } else if (dice < 97) {
            delete(key, condition(key));
        } else {
            list();
        }
    }

    private Node anyNode() {
        boolean elsewhere = stage.nodes().size() > 1 && random.nextInt(ELSEWHERE) == 0;
        return elsewhere ? stage.nodes().get(random.nextInt(stage.nodes().size())) : own;
    }

    private Node writer(Key key) {
        return stage.conditional(key) ? stage.nodes().getFirst() : anyNode();
    }

    private Store.Condition condition(Key key) {
        if (!stage.conditional(key)) {
            return Store.Condition.NONE;
        }
        Version last = seen.get(key);
        return switch (random.nextInt(4)) {
            case 0 -> new Store.Condition.Exists();
            case 1 -> new Store.Condition.Absent();
            default -> last == null ? new Store.Condition.Absent() : new Store.Condition.Matches(last);
        };
    }

    void get(Key key, Store.ReadMode mode) {
        call(
                anyNode(),
                Recorder.Call.of(Operation.Kind.GET, key, Store.Condition.NONE),
                store -> new Outcome.Read(store.get(stage.namespace().id(), key, mode)));
    }

    private void put(Key key, Store.Condition condition) {
        String value = name + "." + ++calls;
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        boolean expires = !stage.conditional(key) && random.nextInt(100) < stage.expiring();
        long expiration = expires ? stage.time().wallMillis() / 1_000 + 1 + random.nextInt(5) : Record.NEVER;
        long expiresNanos = expires ? SimulatedTime.nanosAt(expiration) : Operation.NEVER;
        call(
                writer(key),
                new Recorder.Call(Operation.Kind.PUT, key, value, expiresNanos, condition),
                store -> new Outcome.Wrote(store.put(stage.namespace(), key, bytes, NOTHING, expiration, condition)));
    }

    private void delete(Key key, Store.Condition condition) {
        call(
                writer(key),
                Recorder.Call.of(Operation.Kind.DELETE, key, condition),
                store -> new Outcome.Wrote(store.delete(stage.namespace(), key, condition)));
    }

    void list() {
        call(
                anyNode(),
                Recorder.Call.of(Operation.Kind.LIST, stage.keys().getFirst(), Store.Condition.NONE),
                store -> new Outcome.Listed(store.list(stage.namespace().id(), NOTHING, null, 1000)));
    }

    private void call(Node node, Recorder.Call call, Function<Store, Outcome> work) {
        Recorder.Begun begun = stage.recorder().begin();
        Outcome outcome = node.ask(running -> work.apply(running.store()), new Outcome.Lost());
        if (outcome == null) {
            stage.recorder().drop(begun);
            stage.time().park(REFUSED_PAUSE_NANOS);
            return;
        }
        remember(call.key(), outcome);
        stage.done().accept(stage.recorder().end(begun, name, node.name(), call, outcome));
    }

    private void remember(Key key, Outcome outcome) {
        Version version = switch (outcome) {
            case Outcome.Read(Store.Answer.Found found) -> found.record().version();
            case Outcome.Wrote(Store.Written.Acknowledged(Store.Receipt receipt)) -> receipt.version();
            case Outcome.Wrote(Store.Written.ConditionFailed(@Nullable Version current)) -> current;
            default -> null;
        };
        if (version != null) {
            seen.put(key, version);
        }
    }
}
