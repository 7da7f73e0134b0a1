package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.replication.Question.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives a provider back a record that it holds damaged, as a comparison does, from homes whose word counts or from the hint log. What
 * nobody else has is left as it is: damaged bytes are still evidence (promise P4), and somebody may get something out of them. Thread-safe.
 */
final class Mending {
    /** What each home is asked: to look, to take a record, to look again. */
    private static final int CALLS = 3;

    private final Parts parts;

    /** What came of it. */
    enum Came {
        /** It was not damaged after all, or is gone. */
        SOUND,
        REPAIRED,
        /** Every other home has answered, and none has it. */
        BEYOND_REPAIR,
        /** Not all could be asked, or what they hold is not all there is. */
        NOT_NOW
    }

    Mending(Parts parts) {
        this.parts = parts;
    }

    /** @param head what the provider says the record is; null when that is damaged, too */
    Came mend(KeyRef ref, Member member, @Nullable Head head) throws InterruptedException {
        switch (read(ref, member)) {
            case WHOLE -> {
                return Came.SOUND;
            }
            case NO_ANSWER -> {
                return Came.NOT_NOW;
            }
            case DAMAGED -> {}
        }
        Circle circle = parts.members().of(ref.namespace());
        List<Member> homes = circle.where(Health::wordCounts);
        if (!homes.contains(member) || !lackNothing(homes)) {
            return Came.NOT_NOW;
        }
        for (Member home : homes) {
            home.ration.await(CALLS);
        }
        boolean sure = new Comparison(parts, homes, 0).levelDamaged(ref, member, head);
        return switch (read(ref, member)) {
            case WHOLE -> Came.REPAIRED;
            case NO_ANSWER -> Came.NOT_NOW;
            case DAMAGED -> sure && homes.size() == circle.all().size() ? Came.BEYOND_REPAIR : Came.NOT_NOW;
        };
    }

    /** Whether another look at one that was beyond repair is worth while: it is whole by now, or some home has it. Nothing is held against anybody. */
    boolean hope(KeyRef ref, Member member, Version version) throws InterruptedException {
        if (read(ref, member) == Read.WHOLE) {
            return true;
        }
        for (Member home : parts.members().of(ref.namespace()).where(Health::wordCounts)) {
            home.ration.await(1);
            if (PlainRead.of(parts.time(), home, ref) instanceof Outcome.Answered<Lookup>(Lookup.Present(Record record))
                    && !version.newerThan(record.version())) {
                return true;
            }
        }
        return false;
    }

    /** What another node holds for a home in its hints may be the only whole copy of what is damaged here; an older one must not take its place. */
    private boolean lackNothing(List<Member> homes) {
        return parts.peers().marksAreKnown()
                && homes.stream().allMatch(home -> parts.peers().marking(home).isEmpty());
    }

    private enum Read {
        WHOLE,
        DAMAGED,
        NO_ANSWER
    }

    private Read read(KeyRef ref, Member member) throws InterruptedException {
        return switch (PlainRead.of(parts.time(), member, ref)) {
            case Outcome.Answered<Lookup> answered -> Read.WHOLE;
            case Outcome.Faulted<Lookup>(var fault) ->
                fault.kind() == FaultKind.CORRUPT ? Read.DAMAGED : Read.NO_ANSWER;
        };
    }
}
