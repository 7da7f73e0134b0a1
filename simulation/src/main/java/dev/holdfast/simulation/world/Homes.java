package dev.holdfast.simulation.world;

import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.Page;
import dev.holdfast.engine.provider.Row;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.simulation.check.Story;
import dev.holdfast.simulation.check.Violation;
import dev.holdfast.simulation.history.History;
import dev.holdfast.simulation.history.Operation;
import dev.holdfast.simulation.parts.SimulatedDisk;
import dev.holdfast.simulation.parts.SimulatedProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * P1 and P5, from what is durable at each home, seen from outside at an instant.
 *
 * <p>The newest acknowledged write of each key, or a newer one, is held by as many failure domains as its receipt says, less
 * those that were harmed and not yet verified since. So the loss of any one leaves it. The fault budget keeps at most one domain
 * harmed at a time.
 */
final class Homes {
    private final Origin origin;
    private final NamespaceId namespace;
    private final List<SimulatedProvider> providers;
    private final List<SimulatedDisk> disks;
    private final Troubles troubles;
    private final Map<Key, Operation> newest = new TreeMap<>();

    Homes(
            Origin origin,
            NamespaceId namespace,
            List<SimulatedProvider> providers,
            List<SimulatedDisk> disks,
            Troubles troubles) {
        this.origin = origin;
        this.namespace = namespace;
        this.providers = providers;
        this.disks = disks;
        this.troubles = troubles;
    }

    /** Takes note of an acknowledged write and checks that its receipt tells the truth. */
    Optional<Violation> acknowledged(History history, Operation operation) {
        Store.Receipt receipt = operation.receipt();
        if (receipt == null) {
            return Optional.empty();
        }
        newest.merge(operation.key(), operation, Homes::newer);
        for (SimulatedProvider provider : providers) {
            boolean named = receipt.homes().contains(provider.name());
            if (named && troubles.harmed() == 0 && !holds(provider, providers, namespace, operation)) {
                return Optional.of(new Violation(
                        "P1 receipt",
                        operation.key() + ": the receipt names " + provider.name() + ", which does not hold the write",
                        Story.before(history, operation.key(), operation.end())));
            }
        }
        return check(history, operation.key());
    }

    /** The one with the newer version. */
    static Operation newer(Operation a, Operation b) {
        Version first = a.version();
        Version second = b.version();
        return first != null && second != null && first.newerThan(second) ? a : b;
    }

    /** Checks every key. */
    List<Violation> check(History history) {
        List<Violation> violations = new ArrayList<>();
        for (Key key : newest.keySet()) {
            check(history, key).ifPresent(violations::add);
        }
        return violations;
    }

    private Optional<Violation> check(History history, Key key) {
        Operation operation = newest.get(key);
        Store.Receipt receipt = operation == null ? null : operation.receipt();
        if (operation == null || receipt == null) {
            return Optional.empty();
        }
        int holders = 0;
        for (SimulatedProvider provider : providers) {
            holders += holds(provider, providers, namespace, operation) ? 1 : 0;
        }
        int wanted = Math.min(2, receipt.domains()) - troubles.harmed();
        if (holders >= wanted) {
            return Optional.empty();
        }
        List<String> hints = new ArrayList<>();
        for (SimulatedDisk disk : disks) {
            Version hinted = origin.hinted(disk.durable(LocalStore.Table.HINTS), namespace, key);
            hints.add(disk.failureDomain().operator() + " " + hinted);
            holders += hinted != null && !receipt.version().newerThan(hinted) ? 1 : 0;
        }
        if (holders >= wanted) {
            return Optional.empty();
        }
        List<String> story = new ArrayList<>(Story.before(history, key, Integer.MAX_VALUE));
        providers.forEach(provider -> story.add(provider.name() + " holds " + provider.held(namespace, key)));
        story.add("hint logs hold " + hints);
        return Optional.of(new Violation(
                "P1",
                key + ": an acknowledged write, or a newer one, is held by " + holders + " failure domains where "
                        + wanted + " must: " + operation,
                story));
    }

    /**
     * Whether the provider durably holds the write, a newer one of its key, or a floor above it. What has ended and was collected is
     * held by nobody, and nothing that could come back is left: a place that was put back in time may lack the floor, too.
     */
    static boolean holds(
            SimulatedProvider provider, List<SimulatedProvider> all, NamespaceId namespace, Operation write) {
        Version version = Objects.requireNonNull(write.version());
        Head held = provider.held(namespace, write.key());
        if (held != null) {
            return !version.newerThan(held.version());
        }
        // No floor is as young as a put that has yet to expire.
        boolean ended = write.kind() == Operation.Kind.DELETE || write.expiresNanos() != Operation.NEVER;
        if (!ended) {
            return !version.newerThan(provider.floorOf(namespace));
        }
        for (SimulatedProvider other : all) {
            if (!version.newerThan(other.floorOf(namespace))) {
                return true;
            }
        }
        return false;
    }

    /** Whether all providers hold the same, but for tombstones that one has collected; the first difference otherwise. */
    @Nullable
    String difference() {
        SimulatedProvider first = providers.getFirst();
        for (SimulatedProvider other : providers) {
            String difference = difference(first, other);
            if (difference == null) {
                difference = difference(other, first);
            }
            if (difference != null) {
                return difference;
            }
        }
        return null;
    }

    private @Nullable String difference(SimulatedProvider a, SimulatedProvider b) {
        Page page = a.content(namespace);
        if (!page.damaged().isEmpty()) {
            return a.name() + " holds damaged records: " + page.damaged();
        }
        for (Row row : page.rows()) {
            Head other = b.held(namespace, row.key());
            boolean collected = other == null
                    && row.head().tombstone()
                    && !row.head().version().newerThan(b.floorOf(namespace));
            if (!collected && (other == null || !other.sameAs(row.head()))) {
                return row.key() + ": " + a.name() + " holds " + row.head() + ", " + b.name() + " holds " + other;
            }
        }
        return null;
    }
}
