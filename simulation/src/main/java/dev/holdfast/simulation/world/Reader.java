package dev.holdfast.simulation.world;

import dev.holdfast.engine.edge.NearAnswer;
import dev.holdfast.engine.edge.NearStore;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.replication.Point;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.engine.replication.Store.Written;
import dev.holdfast.simulation.history.NearRead;
import dev.holdfast.simulation.history.Operation;
import dev.holdfast.simulation.history.Outcome;
import dev.holdfast.simulation.scheduler.SimulatedTime;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is near, at an edge or an origin of its own, and writes there. One call in four goes elsewhere, and says there how far
 * its writes have come.
 */
final class Reader {
    private static final int ELSEWHERE = 4;
    private static final long REFUSED_PAUSE_NANOS = 20_000_000L;
    private final String name;
    private final Place own;
    private final List<Place> places;
    private final Client.Stage stage;
    private final long ttlNanos;
    private final SplittableRandom random;
    private final Map<String, Point> session = new TreeMap<>();
    private int calls;

    /** Where a reader calls. */
    sealed interface Place {
        record AtEdge(Edge edge, Namespace namespace, long ttlNanos) implements Place {}

        record AtOrigin(Node node, Namespace namespace, long ttlNanos) implements Place {}

        record AtApp(App app) implements Place {}

        default String name() {
            return switch (this) {
                case AtEdge at -> at.edge().name();
                case AtOrigin at -> at.node().name();
                case AtApp at -> at.app().name();
            };
        }

        default NearRead.At at() {
            return switch (this) {
                case AtEdge at -> at.edge().far() ? NearRead.At.FAR_EDGE : NearRead.At.EDGE;
                case AtOrigin _ -> NearRead.At.ORIGIN;
                case AtApp(App app) -> app.follows() ? NearRead.At.FOLLOWING_CLIENT : NearRead.At.CLIENT;
            };
        }

        default <T> @Nullable T ask(Function<Caller, T> call, T whenDead) {
            return switch (this) {
                case AtEdge(Edge edge, var namespace, long ttl) ->
                    edge.ask(store -> call.apply(new NearCaller(store, namespace, ttl)), whenDead);
                case AtOrigin(Node node, var namespace, long ttl) ->
                    node.ask(running -> call.apply(new NearCaller(near(running), namespace, ttl)), whenDead);
                case AtApp(App app) -> app.ask(call, whenDead);
            };
        }

        private static NearStore near(Origin.Running running) {
            NearStore near = running.near();
            if (near == null) {
                throw new IllegalStateException("an origin of edges has a near store");
            }
            return near;
        }
    }

    Reader(String name, Place own, List<Place> places, Client.Stage stage, long ttlNanos, SplittableRandom random) {
        this.name = name;
        this.own = own;
        this.places = places;
        this.stage = stage;
        this.ttlNanos = ttlNanos;
        this.random = random;
    }

    void run(long thinkNanos, BooleanSupplier over) {
        while (!over.getAsBoolean()) {
            stage.time().park(1 + random.nextLong(thinkNanos));
            one();
        }
    }

    private void one() {
        Key key = stage.keys().get(random.nextInt(stage.keys().size()));
        boolean elsewhere = random.nextInt(ELSEWHERE) == 0;
        Place place = elsewhere ? places.get(random.nextInt(places.size())) : own;
        int dice = random.nextInt(100);
        // Conditional writes of a key go through one origin, and nobody says which one an edge will ask.
        boolean mayWrite = stage.nodes().size() == 1 || !stage.conditional(key);
        if (dice < 75 || !mayWrite) {
            boolean tells = elsewhere || random.nextBoolean();
            read(place, key, tells ? List.copyOf(session.values()) : List.of(), false);
        } else if (dice < 80) {
            confirmed(place, key);
        } else if (dice < 93) {
            put(place, key);
        } else {
            write(
                    place,
                    Recorder.Call.of(Operation.Kind.DELETE, key, Store.Condition.NONE),
                    caller -> caller.delete(key));
        }
    }

    /** @param last whether all has been well for long */
    void read(Place place, Key key, List<Point> seen, boolean last) {
        // The client of an application keeps its session itself.
        List<Point> told = place instanceof Place.AtApp ? List.of() : seen;
        near(place, key, told, last, caller -> caller.read(key, told));
    }

    private void confirmed(Place place, Key key) {
        near(place, key, List.of(), false, caller -> caller.confirmed(key));
    }

    private void near(Place place, Key key, List<Point> seen, boolean last, Function<Caller, NearAnswer> work) {
        Recorder.Begun begun = stage.recorder().begin();
        Optional<NearAnswer> answer = place.ask(caller -> Optional.of(work.apply(caller)), Optional.empty());
        if (answer == null) {
            refused(begun);
            return;
        }
        Recorder.Near asked = new Recorder.Near(name, place.name(), place.at(), key, ttlNanos, seen, last);
        stage.recorder().end(begun, asked, answer.orElse(null));
    }

    private void put(Place place, Key key) {
        String value = name + "." + ++calls;
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        boolean expires = !stage.conditional(key) && random.nextInt(100) < stage.expiring();
        long expiration = expires ? stage.time().wallMillis() / 1_000 + 1 + random.nextInt(5) : Record.NEVER;
        long expiresNanos = expires ? SimulatedTime.nanosAt(expiration) : Operation.NEVER;
        write(
                place,
                new Recorder.Call(Operation.Kind.PUT, key, value, expiresNanos, Store.Condition.NONE),
                caller -> caller.put(key, bytes, expiration));
    }

    private void write(Place place, Recorder.Call call, Function<Caller, Written> work) {
        Recorder.Begun begun = stage.recorder().begin();
        Outcome outcome = place.ask(caller -> new Outcome.Wrote(work.apply(caller)), new Outcome.Lost());
        if (outcome == null) {
            refused(begun);
            return;
        }
        String node = place.name();
        if (outcome instanceof Outcome.Wrote(Written.Acknowledged(Store.Receipt receipt))) {
            session.put(receipt.session().node(), receipt.session());
            node = receipt.session().node();
        } else if (stage.nodes().size() == 1) {
            node = stage.nodes().getFirst().name();
        }
        String via = place instanceof Place.AtOrigin ? "" : place.name();
        stage.done().accept(stage.recorder().end(begun, name, node, via, call, outcome));
    }

    private void refused(Recorder.Begun begun) {
        stage.recorder().drop(begun);
        stage.time().park(REFUSED_PAUSE_NANOS);
    }
}
