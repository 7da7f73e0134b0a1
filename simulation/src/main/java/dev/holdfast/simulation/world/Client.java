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

    private final String name;
    private final Stage stage;
    private final SplittableRandom random;
    private final Map<Key, Version> seen = new HashMap<>();
    private int calls;

    /** What a client shares with the rest of the world. */
    record Stage(
            Node node,
            SimulatedTime time,
            Recorder recorder,
            Namespace namespace,
            List<Key> keys,
            Consumer<Operation> done) {}

    Client(String name, Stage stage, SplittableRandom random) {
        this.name = name;
        this.stage = stage;
        this.random = random;
    }

    void run(long thinkNanos, BooleanSupplier over) {
        while (!over.getAsBoolean()) {
            stage.time().park(random.nextLong(thinkNanos));
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

    private Store.Condition condition(Key key) {
        Version last = seen.get(key);
        return switch (random.nextInt(4)) {
            case 0 -> new Store.Condition.Exists();
            case 1 -> new Store.Condition.Absent();
            default -> last == null ? new Store.Condition.Absent() : new Store.Condition.Matches(last);
        };
    }

    void get(Key key, Store.ReadMode mode) {
        call(
                Operation.Kind.GET,
                key,
                "",
                Store.Condition.NONE,
                store -> new Outcome.Read(store.get(stage.namespace().id(), key, mode)));
    }

    private void put(Key key, Store.Condition condition) {
        String value = name + "." + ++calls;
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        call(
                Operation.Kind.PUT,
                key,
                value,
                condition,
                store -> new Outcome.Wrote(store.put(stage.namespace(), key, bytes, NOTHING, Record.NEVER, condition)));
    }

    private void delete(Key key, Store.Condition condition) {
        call(
                Operation.Kind.DELETE,
                key,
                "",
                condition,
                store -> new Outcome.Wrote(store.delete(stage.namespace(), key, condition)));
    }

    void list() {
        call(
                Operation.Kind.LIST,
                stage.keys().getFirst(),
                "",
                Store.Condition.NONE,
                store -> new Outcome.Listed(store.list(stage.namespace().id(), NOTHING, null, 1000)));
    }

    private void call(
            Operation.Kind kind, Key key, String value, Store.Condition condition, Function<Store, Outcome> work) {
        Recorder.Begun begun = stage.recorder().begin();
        Outcome outcome = stage.node().ask(running -> work.apply(running.store()), new Outcome.Lost());
        if (outcome == null) {
            stage.recorder().drop(begun);
            stage.time().park(REFUSED_PAUSE_NANOS);
            return;
        }
        remember(key, outcome);
        stage.done().accept(stage.recorder().end(begun, name, kind, key, value, condition, outcome));
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
