package dev.holdfast.engine.admission;

import dev.holdfast.engine.kv.NamespaceId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * In which order namespaces come back: by tier, then after what they need, then those first of which more is asked. The first wave is
 * that of the hottest keys of all of them.
 *
 * @param notes what is not as somebody may expect, in sentences
 */
public record RampPlan(List<Wave> waves, List<String> notes) {
    public RampPlan {
        waves = List.copyOf(waves);
        notes = List.copyOf(notes);
    }

    /**
     * A namespace that comes back.
     *
     * @param tier its own, or that of the most important one that needs it
     * @param perSecond how often a second something was asked of it when the plan was made
     * @param from its gate before its wave
     */
    public record Member(NamespaceId id, String title, int tier, double perSecond, Gate from) {}

    /**
     * Namespaces that come back together.
     *
     * @param tier of all of them; of the hottest keys 0
     * @param members empty for the wave of the hottest keys
     * @param rungs how many percent of their keys are let in, step by step, unless the load has it go in smaller ones; the last is 100. For
     *     the hottest keys, each step is those of a further tier
     */
    public record Wave(int tier, List<Member> members, List<Integer> rungs) {
        public Wave {
            members = List.copyOf(members);
            rungs = List.copyOf(rungs);
        }

        /** Whether it is that of the hottest keys. */
        public boolean hottest() {
            return members.isEmpty();
        }

        /** How often a second something was asked of its members when the plan was made. */
        public double perSecond() {
            return members.stream().mapToDouble(Member::perSecond).sum();
        }
    }

    /**
     * What a wave will be, as far as it can be told.
     *
     * @param shares in percent, one for each step
     */
    public record Foreseen(List<Integer> shares, Duration takes) {
        public Foreseen {
            shares = List.copyOf(shares);
        }
    }

    /** All namespaces that come back. */
    public List<Member> members() {
        return waves.stream().flatMap(wave -> wave.members().stream()).toList();
    }

    Optional<Member> member(NamespaceId id) {
        return members().stream().filter(member -> member.id().equals(id)).findFirst();
    }
}
