package dev.holdfast.simulation.check;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.ChangeLog.Change;
import dev.holdfast.engine.replication.ChangeLog.Page;
import dev.holdfast.engine.replication.ChangeLog.Position;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.simulation.history.History;
import dev.holdfast.simulation.history.Operation;
import dev.holdfast.simulation.history.Outcome;
import dev.holdfast.simulation.history.Telling;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * DESIGN rule 20, for one who follows each node's changes: they come in order; each acknowledged write is among them, where its
 * receipt says; whatever anybody reads is told by some node; and no value of a write that was refused. What is not told lies in a
 * gap that is told.
 */
public final class FeedCheck implements Checker {
    private final NamespaceId namespace;

    /** @param namespace of the calls */
    public FeedCheck(NamespaceId namespace) {
        this.namespace = namespace;
    }

    /** Told in order, or the first that is wrong: to tell a story takes longer than to live it. */
    @Override
    public List<Violation> check(History history) {
        Streams streams = new Streams(history);
        for (Telling telling : history.tellings()) {
            String wrong = inOrder(telling);
            if (wrong != null) {
                return List.of(new Violation("feed", wrong, List.of(telling.toString())));
            }
        }
        for (Operation operation : history.operations()) {
            String wrong = wrong(operation, streams);
            if (wrong != null) {
                return List.of(new Violation("feed", wrong, Story.around(history, operation)));
            }
        }
        return List.of();
    }

    /** What was told, by node. */
    private final class Streams {
        private final Map<String, List<Telling>> tellings = new HashMap<>();
        private final Map<String, Map<Position, Change>> changes = new HashMap<>();
        private final Set<Told> versions = new HashSet<>();
        private final Set<String> values = new HashSet<>();
        private final Map<String, Operation> writers = new HashMap<>();

        private Streams(History history) {
            for (Telling telling : history.tellings()) {
                tellings.computeIfAbsent(telling.node(), node -> new ArrayList<>())
                        .add(telling);
                if (telling.page() instanceof Page.Changes(List<Change> page, Position next)) {
                    page.forEach(change -> add(telling.node(), change));
                }
            }
            for (Operation operation : history.operations()) {
                if (operation.kind() == Operation.Kind.PUT) {
                    writers.put(operation.value(), operation);
                }
            }
        }

        private void add(String node, Change change) {
            changes.computeIfAbsent(node, any -> new HashMap<>()).put(change.at(), change);
            versions.add(new Told(change.key(), change.version()));
            values.add(valueOf(change));
        }

        private List<Telling> of(String node) {
            return tellings.getOrDefault(node, List.of());
        }
    }

    private record Told(Key key, Version version) {}

    private static @Nullable String wrong(Operation operation, Streams streams) {
        if (operation.kind() == Operation.Kind.PUT
                && !operation.mayBeSeen()
                && streams.values.contains(operation.value())) {
            return "the value of a write that was refused is told";
        }
        Store.Receipt receipt = operation.receipt();
        if (receipt != null && !isTold(operation, receipt, streams)) {
            return operation.node() + " does not tell of a write that it has acknowledged at "
                    + receipt.session().at();
        }
        if (operation.outcome() instanceof Outcome.Read(Store.Answer.Found found)) {
            Operation writer = streams.writers.get(Writes.valueOf(found));
            Version version = found.record().version();
            if (writer != null
                    && !streams.versions.contains(new Told(operation.key(), version))
                    && missed(writer, streams)) {
                return "nobody has told of version " + version + ", which " + writer.node() + " has written";
            }
        }
        return null;
    }

    private static @Nullable String inOrder(Telling telling) {
        Position last = telling.after();
        if (telling.page() instanceof Page.Changes(List<Change> page, Position next)) {
            for (Change change : page) {
                if (change.at().compareTo(last) <= 0) {
                    return "a change is told that does not come after " + last;
                }
                last = change.at();
            }
            return next.compareTo(last) < 0 ? "the stream goes back" : null;
        }
        return null;
    }

    private String valueOf(Change change) {
        Record record = change.record();
        return record == null || !change.namespace().equals(namespace)
                ? ""
                : new String(record.value(), StandardCharsets.UTF_8);
    }

    /** Whether the follower was there before the write began, and has been told of no gap since. */
    private static boolean missed(Operation writer, Streams streams) {
        List<Telling> own = streams.of(writer.node());
        return !own.isEmpty()
                && own.getFirst().at() < writer.begin()
                && own.stream().noneMatch(telling -> telling.gap() && telling.at() > writer.begin());
    }

    private static boolean isTold(Operation write, Store.Receipt receipt, Streams streams) {
        List<Telling> own = streams.of(write.node());
        Map<Position, Change> stream = streams.changes.getOrDefault(write.node(), Map.of());
        Position at = receipt.session().at();
        Change change = stream.get(at);
        if (change != null) {
            return change.key().equals(write.key()) && change.version().equals(receipt.version());
        }
        boolean passed = false;
        boolean before = true;
        for (Telling telling : own) {
            before &= telling.at() > write.begin();
            boolean covers = telling.after().compareTo(at) < 0 && telling.next().compareTo(at) >= 0;
            passed |= covers && !telling.gap();
            if (telling.gap() && telling.at() > write.begin()) {
                return !passed;
            }
        }
        // Who began to follow later has missed nothing.
        return before;
    }
}
