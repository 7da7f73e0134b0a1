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
    public List<Violation> check(Evidence evidence) {
        History history = evidence.history();
        for (Telling telling : history.tellings()) {
            String wrong = inOrder(telling);
            if (wrong != null) {
                return List.of(new Violation("feed", wrong, List.of(telling.toString())));
            }
        }
        Told told = new Told(history);
        for (Operation operation : history.operations()) {
            String wrong = wrong(operation, told, evidence);
            if (wrong != null) {
                return List.of(new Violation("feed", wrong, Story.around(history, operation)));
            }
        }
        return List.of();
    }

    /** What was told, by node and by all of them. */
    private final class Told {
        private final Map<String, Feed> feeds = new HashMap<>();
        private final Set<Written> versions = new HashSet<>();
        private final Set<String> refused = new HashSet<>();
        private final Set<String> refusedYetTold = new HashSet<>();

        private Told(History history) {
            for (Operation operation : history.operations()) {
                if (operation.kind() == Operation.Kind.PUT && !operation.mayBeSeen()) {
                    refused.add(operation.value());
                }
            }
            for (Telling telling : history.tellings()) {
                feeds.computeIfAbsent(telling.node(), node -> new Feed(telling.at()))
                        .add(telling);
                if (telling.page() instanceof Page.Changes(List<Change> page, Position next)) {
                    for (Change change : page) {
                        add(change);
                    }
                }
            }
        }

        private void add(Change change) {
            versions.add(new Written(change.key(), change.version()));
            if (!refused.isEmpty()) {
                String value = valueOf(change);
                if (refused.contains(value)) {
                    refusedYetTold.add(value);
                }
            }
        }
    }

    private record Written(Key key, Version version) {}

    private static @Nullable String wrong(Operation operation, Told told, Evidence evidence) {
        if (operation.kind() == Operation.Kind.PUT && told.refusedYetTold.contains(operation.value())) {
            return "the value of a write that was refused is told";
        }
        Store.Receipt receipt = operation.receipt();
        Feed own = told.feeds.get(operation.node());
        if (receipt != null && own != null && !own.tells(operation, receipt)) {
            return operation.node() + " does not tell of a write that it has acknowledged at "
                    + receipt.session().at();
        }
        if (operation.outcome() instanceof Outcome.Read(Store.Answer.Found found)
                && !told.versions.contains(
                        new Written(operation.key(), found.record().version()))) {
            Operation writer = evidence.writer(found);
            Feed of = writer == null ? null : told.feeds.get(writer.node());
            if (writer != null && of != null && of.owes(writer)) {
                return "nobody has told of version " + found.record().version() + ", which " + writer.node()
                        + " has written";
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
}
