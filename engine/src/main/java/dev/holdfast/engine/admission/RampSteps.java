package dev.holdfast.engine.admission;

import dev.holdfast.engine.admission.RampPlan.Foreseen;
import dev.holdfast.engine.admission.RampPlan.Member;
import dev.holdfast.engine.admission.RampPlan.Wave;
import dev.holdfast.engine.admission.RampState.Position;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.KeyRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the next step of a ramp is: to the next rung of the wave's ladder, or less far, so that the load which is let in grows at most so
 * many times; and right after a step that had to be taken back only half as far as that one. Once a wave is open, the first step of the next
 * one. Changes nothing.
 */
final class RampSteps {
    private final RampConfig config;
    private final RampPlan plan;
    private final Load load;
    private final RampHot hot;

    RampSteps(RampConfig config, RampPlan plan, Load load) {
        this.config = config;
        this.plan = plan;
        this.load = load;
        this.hot = new RampHot(load, plan);
    }

    /** How a ramp is after its next step; empty when all is open. */
    Optional<RampState> after(RampState state) {
        RampState at = state;
        while (true) {
            Position position = at.at();
            Wave wave = plan.waves().get(position.wave());
            if (position.share() == Gate.SHARES) {
                int next = following(position.wave(), at);
                if (next == plan.waves().size()) {
                    return Optional.empty();
                }
                at = at.at(begin(next, at));
                continue;
            }
            int share = next(wave, position.profile(), position.share(), position.failed());
            RampState stepped = at.at(position.stepped(share));
            if (!wave.hottest()) {
                return Optional.of(stepped);
            }
            Set<KeyRef> keys = hot.upTo(share, at.hottest());
            if (!keys.equals(at.hottest())) {
                return Optional.of(stepped.letting(keys));
            }
            // No key of these tiers stands out, and there is nothing to watch.
            at = stepped;
        }
    }

    /** How a ramp is when its last step is taken back. */
    RampState back(RampState state) {
        Position back = state.at().back();
        RampState at = state.at(back);
        return plan.waves().get(back.wave()).hottest() ? at.letting(hot.upTo(back.share(), state.hottest())) : at;
    }

    /** The index of the wave after one that is not skipped; that of none when it was the last. */
    int following(int wave, RampState state) {
        int next = wave + 1;
        while (state.skipped().containsKey(next)) {
            next++;
        }
        return next;
    }

    /** A wave of which nothing is let in, with the load on it as it is now. */
    Position begin(int wave, RampState state) {
        return Position.atBegin(wave, profile(plan.waves().get(wave), state.hottest()));
    }

    private Profile profile(Wave wave, Set<KeyRef> hottest) {
        Set<NamespaceId> members = wave.members().stream().map(Member::id).collect(Collectors.toSet());
        return load.profile(members, hottest);
    }

    /**
     * The share after {@code share}, of 100 at most.
     *
     * @param failed a share that had to be taken back; 0 for none
     */
    int next(Wave wave, Profile profile, int share, int failed) {
        int rung = rung(wave, share);
        if (wave.hottest()) {
            return rung;
        }
        int next = Math.max(share + 1, failed > share ? Math.min(rung, (share + failed) / 2) : rung);
        // The first hundredth may be of keys that nobody asks for.
        double allowed = config.maxGrowth() * Math.max(profile.load(share), 1.0 / Gate.SHARES);
        while (next > share + 1 && profile.load(next) > allowed) {
            next--;
        }
        return next;
    }

    private static int rung(Wave wave, int share) {
        return wave.rungs().stream().filter(each -> each > share).findFirst().orElse(Gate.SHARES);
    }

    /** Why the step to where a ramp is goes less far than the ladder has it; empty when it does not. */
    String whyLess(RampState stepped, int failed) {
        Position at = stepped.at();
        Wave wave = plan.waves().get(at.wave());
        int before = at.trail().getLast();
        int rung = rung(wave, before);
        if (at.share() >= rung || wave.hottest()) {
            return "";
        }
        if (failed > before && at.share() >= (before + failed) / 2) {
            return ", half as far as the step that was taken back";
        }
        return String.format(
                Locale.ROOT,
                " and no more, since %d %% of the keys have %.0f %% of the load",
                rung,
                100 * at.profile().load(rung));
    }

    /** What each wave will be if it began now, in the order of the plan. */
    List<Foreseen> foresee() {
        return plan.waves().stream().map(wave -> foresee(wave, Set.of())).toList();
    }

    private Foreseen foresee(Wave wave, Set<KeyRef> hottest) {
        if (!wave.hottest()) {
            Set<KeyRef> keys = hottest.isEmpty() ? hot.all() : hottest;
            return foresee(wave, profile(wave, keys), 0, 0);
        }
        List<Integer> rungs = new ArrayList<>();
        Set<KeyRef> before = hottest;
        for (int rung : wave.rungs()) {
            Set<KeyRef> keys = hot.upTo(rung, before);
            if (!keys.equals(before)) {
                rungs.add(rung);
                before = keys;
            }
        }
        return new Foreseen(rungs, calm().multipliedBy(rungs.size()));
    }

    private Foreseen foresee(Wave wave, Profile profile, int share, int failed) {
        List<Integer> shares = new ArrayList<>();
        for (int at = share; at < Gate.SHARES; ) {
            at = next(wave, profile, at, shares.isEmpty() ? failed : 0);
            shares.add(at);
        }
        return new Foreseen(shares, calm().multipliedBy(shares.size()));
    }

    /** How long it takes after the present step until all is open, if nothing goes wrong. */
    Duration left(RampState state) {
        Position at = state.at();
        Wave wave = plan.waves().get(at.wave());
        Duration left = wave.hottest()
                ? calm().multipliedBy(foresee(wave, state.hottest()).shares().stream()
                        .filter(rung -> rung > at.share())
                        .count())
                : foresee(wave, at.profile(), at.share(), at.failed()).takes();
        for (int i = following(at.wave(), state); i < plan.waves().size(); i = following(i, state)) {
            left = left.plus(foresee(plan.waves().get(i), state.hottest()).takes());
        }
        return left;
    }

    /** How many keys stand out now. */
    int hotKeys() {
        return hot.all().size();
    }

    /** For how long a step is watched if all is well: a whole number of looks. */
    Duration calm() {
        long look = config.look().toNanos();
        return Duration.ofNanos((config.calm().toNanos() + look - 1) / look * look);
    }
}
