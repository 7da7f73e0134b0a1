package dev.holdfast.engine.admission;

import dev.holdfast.engine.admission.RampPlan.Member;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.KeyRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * How far a ramp has come, as the node's disk has it.
 *
 * @param begun when, by whom and why
 * @param endedAt milliseconds since the Unix epoch, 0 while it goes on
 * @param at where it is
 * @param hottest the keys that are let in before their namespace is
 * @param skipped waves that were left behind, by index, and the share of each
 * @param byHand namespaces whose gates were set by hand since it began
 * @param history what has happened, the oldest first; bounded
 */
record RampState(
        Begun begun,
        Phase phase,
        long endedAt,
        Position at,
        Set<KeyRef> hottest,
        Map<Integer, Integer> skipped,
        Set<NamespaceId> byHand,
        List<RampEvent> history) {
    static final int MOST_EVENTS = 200;

    RampState {
        hottest = Set.copyOf(hottest);
        skipped = Map.copyOf(skipped);
        byHand = Set.copyOf(byHand);
        history = List.copyOf(history.subList(Math.max(0, history.size() - MOST_EVENTS), history.size()));
    }

    /** @param at milliseconds since the Unix epoch */
    record Begun(long at, String by, String why) {}

    /** Whether it goes on. */
    enum Phase {
        RUNNING,
        PAUSED,
        DONE,
        ABORTED;

        boolean over() {
            return this == DONE || this == ABORTED;
        }

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Where a ramp is.
     *
     * @param wave index of the wave that is opening; waves before it are open
     * @param share of its keys that are let in, in percent
     * @param failed a share that had to be taken back; 0 for none
     * @param trail the shares before this one, to go back by
     * @param profile of its load, from when nothing of it was let in
     */
    record Position(int wave, int share, int failed, List<Integer> trail, Profile profile) {
        Position {
            trail = List.copyOf(trail);
        }

        static Position atBegin(int wave, Profile profile) {
            return new Position(wave, 0, 0, List.of(), profile);
        }

        Position stepped(int next) {
            List<Integer> longer = new ArrayList<>(trail);
            longer.add(share);
            return new Position(wave, next, 0, longer, profile);
        }

        /** Where it was before the last step. */
        Position back() {
            return new Position(wave, trail.getLast(), share, trail.subList(0, trail.size() - 1), profile);
        }
    }

    static RampState begin(Begun begun, RampEvent event) {
        return new RampState(
                begun,
                Phase.RUNNING,
                0,
                Position.atBegin(0, Profile.UNKNOWN),
                Set.of(),
                Map.of(),
                Set.of(),
                List.of(event));
    }

    RampState noted(RampEvent event) {
        List<RampEvent> longer = new ArrayList<>(history);
        longer.add(event);
        return new RampState(begun, phase, endedAt, at, hottest, skipped, byHand, longer);
    }

    RampState at(Position other) {
        return new RampState(begun, phase, endedAt, other, hottest, skipped, byHand, history);
    }

    RampState in(Phase other, long now) {
        return new RampState(begun, other, other.over() ? now : 0, at, hottest, skipped, byHand, history);
    }

    RampState letting(Set<KeyRef> keys) {
        return new RampState(begun, phase, endedAt, at, keys, skipped, byHand, history);
    }

    RampState skipping(int wave, int share) {
        Map<Integer, Integer> more = new HashMap<>(skipped);
        more.put(wave, share);
        return new RampState(begun, phase, endedAt, at, hottest, more, byHand, history);
    }

    RampState without(NamespaceId namespace) {
        Set<NamespaceId> more = new HashSet<>(byHand);
        more.add(namespace);
        return new RampState(begun, phase, endedAt, at, hottest, skipped, more, history);
    }

    /** How much of a wave is let in, in percent. */
    int share(int wave) {
        Integer left = skipped.get(wave);
        if (left != null) {
            return left;
        }
        return wave < at.wave() ? Gate.SHARES : wave == at.wave() ? at.share() : 0;
    }

    /** What a member of a wave may do. */
    Gate gate(int wave, Member member) {
        int share = share(wave);
        if (share == Gate.SHARES) {
            return Gate.OPEN;
        }
        return share == 0
                ? member.from()
                : Gate.ramping(Math.max(share, member.from().percent()));
    }
}
