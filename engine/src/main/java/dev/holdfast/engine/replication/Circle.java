package dev.holdfast.engine.replication;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The members at which records of a namespace may lie, and whom of them to ask. For a namespace without a jurisdiction these are all. What
 * becomes of a member's state is for {@link Members} to decide, whatever it was asked for. Thread-safe.
 */
final class Circle {
    /**
     * For how long calls wait for a provider to be back when the last one has left all of a sudden. Shorter than the
     * silence above: a store that is dead has been silent for longer when it says so, and answers at once from then on.
     */
    private static final long GAP_NANOS = 300_000_000L;

    /** For how long they do so while one of those that have left is still heard of: it may only be slow for a moment. */
    private static final long LONGEST_GAP_NANOS = 1_500_000_000L;

    private final Members members;
    private final @Nullable Predicate<Member> inside;

    /** @param inside null for all */
    Circle(Members members, @Nullable Predicate<Member> inside) {
        this.members = members;
        this.inside = inside;
    }

    List<Member> all() {
        return inside == null ? members.all() : of(members.all());
    }

    /** Those of some that are in it. */
    List<Member> of(Collection<Member> some) {
        List<Member> found = new ArrayList<>(some.size());
        for (Member member : some) {
            if (has(member)) {
                found.add(member);
            }
        }
        return found;
    }

    boolean has(Member member) {
        return inside == null || inside.test(member);
    }

    List<Member> where(Predicate<Health> wanted) {
        List<Member> found = new ArrayList<>(members.all().size());
        for (Member member : members.all()) {
            if (wanted.test(member.health) && has(member)) {
                found.add(member);
            }
        }
        return found;
    }

    /** Those whose word counts, since what they lack is known; when there is none, whoever may answer, and nobody vouches. */
    List<Member> readable() {
        List<Member> trusted = where(Health::wordCounts);
        return trusted.isEmpty() ? where(health -> health.state() != ProviderState.DOWN) : trusted;
    }

    /**
     * Those of them to be asked now: one that is coming back is asked no more than it may be, and one that has as many calls under way as it
     * bears is not asked, as long as there is another one.
     */
    List<Member> panel() {
        List<Member> readable = readable();
        List<Member> panel = new ArrayList<>(readable);
        for (Member member : readable) {
            boolean spare = !member.room() || (member.ration.returning() && !member.ration.forReader());
            if (spare && Members.besides(member, panel)) {
                panel.remove(member);
                members.spared().increment();
            }
        }
        return panel;
    }

    /**
     * Waits out the moment between the last provider's leaving and another one's return, such as when one that was given up for a
     * pause is still being tried, and does all that it is tried with, while the other turns out to be wiped or falls silent. It
     * goes on for as long as one is heard of that need not be compared, which may only be slow. When all have been away for longer it
     * does not wait.
     *
     * @return whether {@code enough} holds, which is looked at whenever a provider changes its state
     */
    boolean awaitInGap(long deadline, BooleanSupplier enough) throws InterruptedException {
        if (all().isEmpty()) {
            return false;
        }
        long until;
        do {
            until = Math.min(deadline, gapEnds());
            if (members.changed().await(until, enough)) {
                return true;
            }
        } while (until < deadline && gapEnds() > until);
        return false;
    }

    private long gapEnds() {
        long left = Long.MIN_VALUE;
        long heard = Long.MIN_VALUE;
        long fell = Long.MIN_VALUE;
        for (Member member : all()) {
            left = Math.max(left, member.health.lastOfUse());
            // One that has to be compared first is not back in a moment.
            heard = member.health.mustCompare() ? heard : Math.max(heard, member.health.heardAt());
            fell = Math.max(fell, member.health.movedAt());
        }
        return Math.max(left + GAP_NANOS, Math.min(heard + GAP_NANOS, fell + LONGEST_GAP_NANOS));
    }
}
