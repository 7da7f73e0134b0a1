package dev.holdfast.simulation.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.simulation.recovery.RecoveryHunt;
import java.util.List;
import java.util.function.LongFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The checks of recoveries are tested by the engine that ships with one mistake at a time: each must be caught by the check that is for it. */
class RecoveryMutantsTest {
    /** A mistake, where it is played, and which check is to break. */
    enum Wrongly {
        BOUNDS_NOTHING(
                "herd",
                "holdfast",
                "at most twice the load of before",
                Edit.returns("engine.admission.Governor", "take", true),
                Edit.returns("engine.replication.Limit", "calls", 1_000_000),
                Edit.returns("engine.replication.Repeats", "take", true),
                Edit.returns("engine.replication.Bulkhead", "patience", 1.0)),
        TURNS_TIERS_ROUND(
                "herd",
                "holdfast",
                "tiers come back in their order",
                Edit.redirects("engine.admission.Turns", "add", "weight")),
        NEVER_FILLS_ITS_BUCKET(
                "herd",
                "holdfast",
                "back by itself within 60 min",
                Edit.returns("engine.admission.Governor", "fill", null)),
        ACKNOWLEDGES_WHAT_IS_NOWHERE(
                "dns",
                "holdfast-both",
                "no acknowledged write is lost",
                Edit.returns("engine.replication.Writes", "refusal", null),
                Edit.returns("engine.replication.Writes", "certainlyNowhere", null),
                Edit.returns("engine.replication.Writes", "hint", null),
                Edit.skips("engine.replication.Writes", "settle", "isEmpty", false)),
        LETS_AN_ABSENCE_OUTWEIGH_A_RECORD(
                "dns",
                "holdfast",
                "no empty answer is taken for the truth",
                Edit.skips("engine.replication.ReadRound", "decide", "present", false),
                Edit.skips("engine.replication.ReadRound", "absence", "newerThan", false),
                Edit.skips("engine.edge.Near", "newer", "compareTo", 1)),
        HEARS_AND_FORGETS(
                "herd", "holdfast", "no answer is older than it says", Edit.returns("engine.edge.Near", "heard", null)),
        TAKES_OUT_FOR_ITS_HEALTH_CHECKS(
                "dns",
                "holdfast",
                "the last holder of the data is not taken out",
                Edit.returns("engine.replication.SignOfLife", "answers", false)),
        CHECKS_NO_CONDITION(
                "dns",
                "holdfast",
                "a late plan does not replace a newer one",
                Edit.returns("engine.replication.ReplicatedStore", "holds", true)),
        TELLS_NO_EDGE(
                "config",
                "holdfast",
                "a file is everywhere within 10 s, be it good or bad",
                Edit.returns("engine.edge.Near", "heard", null)),
        GATES_NOTHING_AT_EDGES(
                "config",
                "holdfast-held",
                "a bad file comes to one place and no further",
                Edit.returns("engine.admission.Gates", "admits", true)),
        GATES_NOTHING(
                "config",
                "holdfast-gate",
                "a gate keeps the writer out at once, with all else down",
                Edit.returns("engine.admission.Gates", "admits", true));

        private final String replay;
        private final String arm;
        private final String check;
        private final List<Edit> edits;

        Wrongly(String replay, String arm, String check, Edit... edits) {
            this.replay = replay;
            this.arm = arm;
            this.check = check;
            this.edits = List.of(edits);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEngineWithAMistakeBreaksTheCheckThatIsForIt(Wrongly wrongly) throws ReflectiveOperationException {
        assertThat(hunt(wrongly)).contains(wrongly.check);
    }

    @SuppressWarnings("unchecked")
    private static String hunt(Wrongly wrongly) throws ReflectiveOperationException {
        Object hunt = new MutantLoader(wrongly.edits)
                .loadClass(RecoveryHunt.class.getName())
                .getConstructor(String.class, String.class)
                .newInstance(wrongly.replay, wrongly.arm);
        return ((LongFunction<String>) hunt).apply(0);
    }
}
