package dev.holdfast.simulation.check;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.simulation.history.History;
import dev.holdfast.simulation.history.Operation;
import dev.holdfast.simulation.history.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Listings: a complete one names each key whose newest acknowledged write is a put that nothing may have followed, and no key at
 * a version older than an acknowledged one.
 */
public final class ListingCheck implements Checker {

    @Override
    public List<Violation> check(History history) {
        List<Violation> violations = new ArrayList<>();
        history.byKey().forEach((key, operations) -> {
            OneKey writes = new OneKey(key, operations);
            for (Operation listing : history.operations()) {
                if (listing.outcome() instanceof Outcome.Listed(Store.Listing.Keys keys)
                        && keys.next() == null
                        && keys.confirmed()) {
                    writes.wrong(listing, keys)
                            .ifPresent(sentence -> violations.add(new Violation(
                                    "P4 listing",
                                    key + ": " + sentence + ": " + listing,
                                    Story.before(history, key, listing.end()))));
                }
            }
        });
        return violations;
    }

    /** The writes of one key that may be seen, in the order in which they began. */
    private static final class OneKey {
        private final Key key;
        private final List<Operation> byBegin;
        private final Map<Version, Operation> byVersion = new HashMap<>();
        private final int longest;

        OneKey(Key key, List<Operation> operations) {
            this.key = key;
            this.byBegin = operations.stream()
                    .filter(operation -> operation.write() && operation.mayBeSeen())
                    .sorted(Comparator.comparingInt(Operation::begin))
                    .toList();
            for (Operation operation : byBegin) {
                Version version = operation.version();
                if (version != null) {
                    byVersion.put(version, operation);
                }
            }
            this.longest = byBegin.stream()
                    .mapToInt(operation -> operation.end() - operation.begin())
                    .max()
                    .orElse(0);
        }

        Optional<String> wrong(Operation listing, Store.Listing.Keys keys) {
            Operation writer = newestBefore(listing);
            Optional<Store.Listed> listed =
                    keys.keys().stream().filter(line -> line.key().equals(key)).findFirst();
            Version newest = writer == null ? null : writer.version();
            if (writer == null || newest == null) {
                return Optional.empty();
            }
            if (listed.isPresent() && newest.newerThan(listed.get().head().version())) {
                return Optional.of("listed at a version older than an acknowledged one");
            }
            if (listed.isPresent() && isExpired(listed.get(), listing)) {
                return Optional.of("listed though it had expired");
            }
            if (unsure(listing, writer) || writer.mayHaveExpired(listing.endNanos())) {
                return Optional.empty();
            }
            boolean alive = writer.kind() == Operation.Kind.PUT;
            if (alive && listed.isEmpty()) {
                return Optional.of("not listed though it holds a value");
            }
            return !alive && listed.isPresent() ? Optional.of("listed though it was deleted") : Optional.empty();
        }

        private boolean isExpired(Store.Listed listed, Operation listing) {
            Operation writer = byVersion.get(listed.head().version());
            return writer != null && writer.hasExpired(listing.beginNanos());
        }

        /**
         * The write with the newest version among those that the listing must know of. Versions follow the order of calls, which
         * {@link RegisterCheck} checks, so it is among the last that can have ended by then.
         */
        private @Nullable Operation newestBefore(Operation listing) {
            Operation found = null;
            for (int i = begunBefore(listing.begin()) - 1; i >= 0; i--) {
                Operation operation = byBegin.get(i);
                Version version = operation.version();
                if (version == null || !Sight.binds(operation, listing)) {
                    continue;
                }
                Version best = found == null ? null : found.version();
                if (best == null || version.newerThan(best)) {
                    found = operation;
                }
                if (found != null && operation.begin() < found.begin() - longest) {
                    return found;
                }
            }
            return found;
        }

        /** Whether another write may have come after {@code writer} and before the end of the listing. */
        private boolean unsure(Operation listing, Operation writer) {
            for (int i = begunBefore(listing.end()) - 1; i >= 0; i--) {
                Operation operation = byBegin.get(i);
                if (operation.begin() < writer.begin() - longest) {
                    return false;
                }
                if (operation.id() != writer.id() && !operation.before(writer)) {
                    return true;
                }
            }
            return false;
        }

        /** How many writes began before a place in the history. */
        private int begunBefore(int at) {
            int low = 0;
            int high = byBegin.size();
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (byBegin.get(middle).begin() < at) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }
    }
}
