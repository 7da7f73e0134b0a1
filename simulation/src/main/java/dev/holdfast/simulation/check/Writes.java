package dev.holdfast.simulation.check;

import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.simulation.history.History;
import dev.holdfast.simulation.history.Operation;
import dev.holdfast.simulation.history.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The writes of one key that readers may see, with their versions as far as they are known: from a receipt, or, for a write
 * that nobody acknowledged, from a reader who saw its value.
 */
final class Writes {
    private final History history;
    private final ByVersion acknowledged;
    private final ByVersion byVersion;
    private final List<Operation> unplaced = new ArrayList<>();

    /**
     * @param operations of the key, in the order of answers
     * @param puts of all keys, by value
     */
    Writes(History history, List<Operation> operations, Map<String, Operation> puts) {
        this.history = history;
        List<ByVersion.Entry> known = new ArrayList<>();
        List<Operation> indeterminate = new ArrayList<>();
        for (Operation operation : operations) {
            Version version = operation.version();
            if (version != null) {
                known.add(new ByVersion.Entry(version, operation));
            } else if (operation.indeterminate()) {
                indeterminate.add(operation);
            }
        }
        acknowledged = new ByVersion(known);
        Map<Version, Operation> seen = indeterminate.isEmpty() ? Map.of() : seen(operations, puts);
        byVersion = seen.isEmpty() ? acknowledged : acknowledged.with(seen);
        Set<Integer> placed = new HashSet<>();
        for (Operation writer : seen.values()) {
            placed.add(writer.id());
        }
        for (Operation operation : indeterminate) {
            if (!placed.contains(operation.id())) {
                unplaced.add(operation);
            }
        }
    }

    /** The writes that nobody acknowledged and a reader saw, each at the version at which no acknowledged one is. */
    private Map<Version, Operation> seen(List<Operation> operations, Map<String, Operation> puts) {
        Map<Version, Operation> seen = new HashMap<>();
        for (Operation operation : operations) {
            if (operation.outcome() instanceof Outcome.Read(Store.Answer.Found found)
                    && acknowledged.get(found.record().version()) == null) {
                Operation writer = puts.get(valueOf(found));
                if (writer != null && writer.key().equals(operation.key()) && writer.indeterminate()) {
                    seen.putIfAbsent(found.record().version(), writer);
                }
            }
        }
        return seen;
    }

    static String valueOf(Store.Answer.Found found) {
        return new String(found.record().value(), StandardCharsets.UTF_8);
    }

    @Nullable
    Operation ofVersion(Version version) {
        return byVersion.get(version);
    }

    /** The last write known to be older than {@code version}. */
    @Nullable
    Operation precedes(Version version) {
        return byVersion.below(version);
    }

    ByVersion byVersion() {
        return byVersion;
    }

    /** Those that have a receipt. */
    ByVersion acknowledged() {
        return acknowledged;
    }

    /** Whether one of the {@link #unplaced} may have a newer version than another write. */
    boolean mayFollow(Operation unplaced, Operation other) {
        return history.mayFollow(unplaced, other);
    }

    /** Writes that may have happened, at versions nobody has seen. */
    List<Operation> unplaced() {
        return unplaced;
    }
}
