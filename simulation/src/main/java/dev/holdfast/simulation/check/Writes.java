package dev.holdfast.simulation.check;

import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.simulation.history.Operation;
import dev.holdfast.simulation.history.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The writes of one key that readers may see, with their versions as far as they are known: from a receipt, or, for a write
 * that nobody acknowledged, from a reader who saw its value.
 */
final class Writes {
    private final Map<String, Operation> byValue = new HashMap<>();
    private final ByVersion byVersion;
    private final List<Operation> unplaced = new ArrayList<>();

    Writes(List<Operation> operations) {
        List<ByVersion.Entry> known = new ArrayList<>();
        for (Operation operation : operations) {
            if (operation.kind() == Operation.Kind.PUT) {
                byValue.put(operation.value(), operation);
            }
            Version version = operation.version();
            if (version != null) {
                known.add(new ByVersion.Entry(version, operation));
            }
        }
        List<Operation> indeterminate =
                operations.stream().filter(Operation::indeterminate).toList();
        Set<Integer> placed = new HashSet<>();
        byVersion = new ByVersion(indeterminate.isEmpty() ? known : withSeen(operations, known, placed));
        for (Operation operation : indeterminate) {
            if (!placed.contains(operation.id())) {
                unplaced.add(operation);
            }
        }
    }

    /** Adds the writes that a reader saw, each at the version at which no acknowledged one is. */
    private List<ByVersion.Entry> withSeen(
            List<Operation> operations, List<ByVersion.Entry> acknowledged, Set<Integer> placed) {
        Map<Version, Operation> seen = new LinkedHashMap<>();
        acknowledged.forEach(entry -> seen.put(entry.version(), entry.operation()));
        for (Operation operation : operations) {
            if (operation.outcome() instanceof Outcome.Read(Store.Answer.Found found)) {
                Operation writer = byValue.get(valueOf(found));
                if (writer != null
                        && writer.indeterminate()
                        && seen.putIfAbsent(found.record().version(), writer) == null) {
                    placed.add(writer.id());
                }
            }
        }
        List<ByVersion.Entry> all = new ArrayList<>(seen.size());
        seen.forEach((version, operation) -> all.add(new ByVersion.Entry(version, operation)));
        return all;
    }

    static String valueOf(Store.Answer.Found found) {
        return new String(found.record().value(), StandardCharsets.UTF_8);
    }

    @Nullable
    Operation ofValue(String value) {
        return byValue.get(value);
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

    /** Writes that may have happened, at versions nobody has seen. */
    List<Operation> unplaced() {
        return unplaced;
    }
}
