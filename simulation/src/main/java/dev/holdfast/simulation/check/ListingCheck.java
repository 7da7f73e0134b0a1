package dev.holdfast.simulation.check;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.simulation.history.History;
import dev.holdfast.simulation.history.Operation;
import dev.holdfast.simulation.history.Outcome;
import dev.holdfast.simulation.scheduler.SimulatedTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Listings: a complete one names each key whose newest acknowledged write is a put that nothing may have followed, and no key at
 * a version older than an acknowledged one.
 */
public final class ListingCheck implements Checker {

    /** Of two writes so far apart the later one has the newer version, whatever clocks and reservations say. */
    private static final long MOST_OUT_OF_ORDER_NANOS = 4 * History.MOST_SKEW_NANOS;

    @Override
    public List<Violation> check(History history) {
        List<Violation> violations = new ArrayList<>();
        history.byKey().forEach((key, operations) -> {
            OneKey writes = new OneKey(history, key, operations);
            for (Operation listing : history.listings()) {
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
        private final History history;
        private final Key key;
        private final List<Operation> byBegin;
        private final ByVersion byVersion;
        private final int longest;

        OneKey(History history, Key key, List<Operation> operations) {
            this.history = history;
            this.key = key;
            this.byBegin = operations.stream()
                    .filter(operation -> operation.write() && operation.mayBeSeen())
                    .sorted(Comparator.comparingInt(Operation::begin))
                    .toList();
            List<ByVersion.Entry> known = new ArrayList<>();
            for (Operation operation : byBegin) {
                Version version = operation.version();
                if (version != null) {
                    known.add(new ByVersion.Entry(version, operation));
                }
            }
            this.byVersion = new ByVersion(known);
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
            boolean alive = writer.kind() == Operation.Kind.PUT;
            if (alive && listed.isEmpty() && !writer.mayHaveExpired(listing.endNanos())) {
                return mayFollow(listing, writer, OneKey::mayEnd)
                        ? Optional.empty()
                        : Optional.of("not listed though it holds a value");
            }
            return alive || listed.isEmpty() || mayFollow(listing, writer, later -> later.kind() == Operation.Kind.PUT)
                    ? Optional.empty()
                    : Optional.of("listed though it was deleted");
        }

        private static boolean mayEnd(Operation later) {
            return later.kind() == Operation.Kind.DELETE || later.expiresNanos() != Operation.NEVER;
        }

        private boolean isExpired(Store.Listed listed, Operation listing) {
            Operation writer = byVersion.get(listed.head().version());
            return writer != null && writer.hasExpired(listing.beginNanos());
        }

        /** The write with the newest version among those that the listing must know of. */
        private @Nullable Operation newestBefore(Operation listing) {
            Version latest = Version.atMillis(SimulatedTime.wallMillisAt(listing.endNanos() + MOST_OUT_OF_ORDER_NANOS));
            for (ByVersion.Entry entry : byVersion.upTo(latest).reversed()) {
                if (Sight.binds(history, entry.operation(), listing)) {
                    return entry.operation();
                }
            }
            return null;
        }

        /** Whether a write of this kind may have come after {@code writer} and before the end of the listing. */
        private boolean mayFollow(Operation listing, Operation writer, Predicate<Operation> kind) {
            // One that was called earlier may be the newer one: a node that sees no provider stamps by its own clock.
            Version written = Objects.requireNonNull(writer.version());
            for (ByVersion.Entry entry : byVersion.after(written)) {
                Operation other = entry.operation();
                if (other.begin() < listing.end() && kind.test(other)) {
                    return true;
                }
                if (other.beginNanos() > listing.endNanos() + MOST_OUT_OF_ORDER_NANOS) {
                    break;
                }
            }
            for (int i = begunBefore(listing.end()) - 1; i >= 0; i--) {
                Operation operation = byBegin.get(i);
                if (operation.begin() < writer.begin() - longest) {
                    return false;
                }
                boolean unplaced = operation.version() == null && !operation.before(writer);
                if (unplaced && kind.test(operation)) {
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
