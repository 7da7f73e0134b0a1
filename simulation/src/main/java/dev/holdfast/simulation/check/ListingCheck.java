package dev.holdfast.simulation.check;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Store;
import dev.holdfast.simulation.history.History;
import dev.holdfast.simulation.history.Operation;
import dev.holdfast.simulation.history.Outcome;
import dev.holdfast.simulation.scheduler.SimulatedTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    public List<Violation> check(Evidence evidence) {
        History history = evidence.history();
        List<Complete> listings = complete(history);
        List<Violation> violations = new ArrayList<>();
        for (Register register : evidence.registers()) {
            OneKey writes = new OneKey(history, register);
            for (Complete listing : listings) {
                String sentence = writes.wrong(listing.call(), listing.lines().get(register.key()));
                if (sentence != null) {
                    violations.add(new Violation(
                            "P4 listing",
                            register.key() + ": " + sentence + ": " + listing.call(),
                            Story.before(history, register.key(), listing.call().end())));
                }
            }
        }
        return violations;
    }

    /** A listing that says that it names every key. */
    private record Complete(Operation call, Map<Key, Store.Listed> lines) {}

    private static List<Complete> complete(History history) {
        List<Complete> complete = new ArrayList<>();
        for (Operation listing : history.listings()) {
            if (listing.outcome() instanceof Outcome.Listed(Store.Listing.Keys keys)
                    && keys.next() == null
                    && keys.confirmed()) {
                Map<Key, Store.Listed> lines = new HashMap<>();
                for (Store.Listed line : keys.keys()) {
                    lines.putIfAbsent(line.key(), line);
                }
                complete.add(new Complete(listing, lines));
            }
        }
        return complete;
    }

    /** The writes of one key that may be seen. */
    private static final class OneKey {
        private final History history;
        private final ByVersion acknowledged;
        private final List<Operation> unacknowledged = new ArrayList<>();

        OneKey(History history, Register register) {
            this.history = history;
            this.acknowledged = register.writes().acknowledged();
            for (Operation operation : register.byBegin()) {
                if (operation.write() && operation.mayBeSeen() && operation.version() == null) {
                    unacknowledged.add(operation);
                }
            }
        }

        @Nullable
        String wrong(Operation listing, Store.@Nullable Listed listed) {
            Operation writer = newestBefore(listing);
            Version newest = writer == null ? null : writer.version();
            if (writer == null || newest == null) {
                return null;
            }
            boolean alive = writer.kind() == Operation.Kind.PUT;
            if (listed == null) {
                return !alive || writer.mayHaveExpired(listing.endNanos()) || mayFollow(listing, writer, OneKey::mayEnd)
                        ? null
                        : "not listed though it holds a value";
            }
            if (newest.newerThan(listed.head().version())) {
                return "listed at a version older than an acknowledged one";
            }
            if (isExpired(listed, listing)) {
                return "listed though it had expired";
            }
            return alive || mayFollow(listing, writer, later -> later.kind() == Operation.Kind.PUT)
                    ? null
                    : "listed though it was deleted";
        }

        private static boolean mayEnd(Operation later) {
            return later.kind() == Operation.Kind.DELETE || later.expiresNanos() != Operation.NEVER;
        }

        private boolean isExpired(Store.Listed listed, Operation listing) {
            Operation writer = acknowledged.get(listed.head().version());
            return writer != null && writer.hasExpired(listing.beginNanos());
        }

        /** The write with the newest version among those that the listing must know of. */
        private @Nullable Operation newestBefore(Operation listing) {
            Version latest = Version.atMillis(SimulatedTime.wallMillisAt(listing.endNanos() + MOST_OUT_OF_ORDER_NANOS));
            for (ByVersion.Entry entry : acknowledged.upTo(latest).reversed()) {
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
            for (ByVersion.Entry entry : acknowledged.after(written)) {
                Operation other = entry.operation();
                if (other.begin() < listing.end() && kind.test(other)) {
                    return true;
                }
                if (other.beginNanos() > listing.endNanos() + MOST_OUT_OF_ORDER_NANOS) {
                    break;
                }
            }
            for (Operation operation : unacknowledged) {
                if (operation.begin() < listing.end() && kind.test(operation) && history.mayFollow(operation, writer)) {
                    return true;
                }
            }
            return false;
        }
    }
}
