package dev.holdfast.simulation.check;

import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.simulation.history.Operation;
import dev.holdfast.simulation.history.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The writes of one key that readers may see, with their versions as far as they are known: from a receipt, or, for a write
 * that nobody acknowledged, from a reader who saw its value.
 */
final class Writes {
    private final Map<String, Operation> byValue = new HashMap<>();
    private final NavigableMap<Version, Operation> byVersion = new TreeMap<>();
    private final List<Operation> unplaced = new ArrayList<>();

    Writes(List<Operation> operations) {
        for (Operation operation : operations) {
            if (operation.kind() == Operation.Kind.PUT) {
                byValue.put(operation.value(), operation);
            }
            Version version = operation.version();
            if (version != null) {
                byVersion.put(version, operation);
            }
        }
        for (Operation operation : operations) {
            if (operation.outcome() instanceof Outcome.Read(Store.Answer.Found found)) {
                Operation writer = byValue.get(valueOf(found));
                if (writer != null && writer.indeterminate()) {
                    byVersion.putIfAbsent(found.record().version(), writer);
                }
            }
        }
        for (Operation operation : operations) {
            if (operation.indeterminate() && !byVersion.containsValue(operation)) {
                unplaced.add(operation);
            }
        }
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
        Map.Entry<Version, Operation> lower = byVersion.lowerEntry(version);
        return lower == null ? null : lower.getValue();
    }

    NavigableMap<Version, Operation> byVersion() {
        return byVersion;
    }

    /** Writes that may have happened, at versions nobody has seen. */
    List<Operation> unplaced() {
        return unplaced;
    }
}
