package dev.holdfast.simulation.history;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.Store;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call of a client and what it came to.
 *
 * @param node the origin that was called, or that an edge had called; the edge where it is not known which one
 * @param via the edge that was called; empty when the origin itself was
 * @param value what a put wrote, unique in the run; empty for others
 * @param expiresNanos virtual time at which what a put wrote expires; {@link #NEVER} for no time
 * @param begin place in the order of all events at which it was called
 * @param end place at which it was answered, or at which its node died
 * @param beginNanos virtual time of the call
 * @param troubles how many failure domains were in trouble at once at the worst moment of the call
 */
public record Operation(
        int id,
        String client,
        String node,
        String via,
        Kind kind,
        Key key,
        String value,
        long expiresNanos,
        Store.Condition condition,
        Outcome outcome,
        int begin,
        int end,
        long beginNanos,
        long endNanos,
        int troubles) {

    public static final long NEVER = Long.MAX_VALUE;

    public enum Kind {
        GET,
        PUT,
        DELETE,
        LIST
    }

    public boolean write() {
        return kind == Kind.PUT || kind == Kind.DELETE;
    }

    /** Whether it is a write that every provider had confirmed when it was acknowledged. */
    public boolean everywhere() {
        Store.Receipt receipt = receipt();
        return receipt != null && receipt.hinted().isEmpty();
    }

    /**
     * Whether what the call shows lies, for all that its answer says, at its own node alone: a write that no provider took, or a read
     * that none confirmed.
     */
    public boolean dark() {
        Store.Receipt receipt = receipt();
        return receipt == null ? !confirmed() : receipt.homes().equals(List.of("hint-log"));
    }

    /** The receipt of an acknowledged write; null for everything else. */
    public Store.@Nullable Receipt receipt() {
        return outcome instanceof Outcome.Wrote(Store.Written.Acknowledged(Store.Receipt receipt)) ? receipt : null;
    }

    /** The version of an acknowledged write; null for everything else. */
    public @Nullable Version version() {
        Store.Receipt receipt = receipt();
        return receipt == null ? null : receipt.version();
    }

    /** Whether a write may or may not have happened. */
    public boolean indeterminate() {
        return write()
                && switch (outcome) {
                    case Outcome.Lost lost -> true;
                    case Outcome.Wrote(Store.Written written) -> written instanceof Store.Written.Unknown;
                    case Outcome.Read read -> false;
                    case Outcome.Listed listed -> false;
                };
    }

    /** Whether a write may be seen by readers: it was acknowledged, or nobody knows. */
    public boolean mayBeSeen() {
        return receipt() != null || indeterminate();
    }

    /** Whether the answer says that it can be vouched for. */
    public boolean confirmed() {
        return switch (outcome) {
            case Outcome.Read(Store.Answer.Found found) -> found.freshness().confirmed();
            case Outcome.Read(Store.Answer.Missing missing) ->
                missing.freshness().confirmed();
            case Outcome.Listed(Store.Listing.Keys keys) -> keys.confirmed();
            default -> true;
        };
    }

    /** Whether it was over when the other one began. What an edge has lost sight of may still be on its way to an origin. */
    public boolean before(Operation other) {
        return end < other.begin && !(indeterminate() && !via.isEmpty());
    }

    /** Whether by some clock of the world what it wrote may have expired at {@code nanos}. */
    public boolean mayHaveExpired(long nanos) {
        return expiresNanos != NEVER && expiresNanos - History.MOST_SKEW_NANOS <= nanos;
    }

    /** Whether by every clock of the world what it wrote has expired at {@code nanos}. */
    public boolean hasExpired(long nanos) {
        return expiresNanos != NEVER && expiresNanos + History.MOST_SKEW_NANOS <= nanos;
    }

    @Override
    public String toString() {
        return Millis.inColumn(beginNanos) + "  " + client + " " + node
                + (via.isEmpty() ? "" : " via " + via) + " " + kind + " " + key
                + (value.isEmpty() ? "" : " " + value)
                + (expiresNanos == NEVER ? "" : " until " + Millis.of(expiresNanos))
                + (condition instanceof Store.Condition.None ? "" : " if " + condition)
                + " -> " + words() + "  (" + Millis.of(endNanos - beginNanos) + ")";
    }

    private String words() {
        return switch (outcome) {
            case Outcome.Lost lost -> "lost: the node died";
            case Outcome.Read(Store.Answer.Found found) ->
                new String(found.record().value(), StandardCharsets.UTF_8) + " @"
                        + found.record().version() + " " + found.freshness();
            case Outcome.Read(Store.Answer answer) -> answer.toString();
            case Outcome.Wrote(Store.Written written) -> written.toString();
            case Outcome.Listed(Store.Listing.Keys keys) ->
                keys.keys().stream()
                                .map(listed ->
                                        listed.key() + "@" + listed.head().version())
                                .toList()
                        + (keys.confirmed() ? "" : " unconfirmed");
            case Outcome.Listed(Store.Listing listing) -> listing.toString();
        };
    }
}
