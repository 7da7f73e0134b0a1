package dev.holdfast.engine.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.admission.RampPlan.Member;
import dev.holdfast.engine.admission.RampPlan.Wave;
import dev.holdfast.engine.admission.RampState.Begun;
import dev.holdfast.engine.admission.RampState.Phase;
import dev.holdfast.engine.admission.RampState.Position;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.KeyRef;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RampTextTest {
    private static final NamespaceId ID = new NamespaceId(1, 2);
    private static final RampPlan PLAN = new RampPlan(
            List.of(
                    new Wave(0, List.of(), List.of(50, 100)),
                    new Wave(
                            1,
                            List.of(
                                    new Member(ID, "Wörter & Zeichen\n= %", 1, 12.5, Gate.STALE_ONLY),
                                    new Member(new NamespaceId(3, 4), "", 1, 0, Gate.ramping(25))),
                            RampPlanner.LADDER)),
            List.of("a note, of two words"));

    private static RampState state(List<RampEvent> history, Profile profile) {
        return new RampState(
                new Begun(77, "token x", "after\nthe outage"),
                Phase.PAUSED,
                0,
                new Position(1, 5, 25, List.of(0, 1), profile),
                Set.of(new KeyRef(ID, Key.of("a b/ü"))),
                Map.of(3, 25),
                Set.of(new NamespaceId(3, 4)),
                history);
    }

    @Test
    void aPlanIsReadAsItIsWritten() {
        assertThat(RampText.readPlan(RampText.write(PLAN))).isEqualTo(PLAN);
    }

    @Test
    void aStateIsReadAsItIsWritten() {
        double[] of = new double[100];
        java.util.Arrays.fill(of, 2.5);
        RampEvent event = new RampEvent(88, RampEvent.Kind.BACK, 2, "", "Back: 3 % failed.");
        RampState state = state(List.of(event, event), new Profile(of));
        assertThat(RampText.readState(RampText.write(state))).isEqualTo(state);
        RampState unknown = state(List.of(), Profile.UNKNOWN);
        assertThat(RampText.readState(RampText.write(unknown))).isEqualTo(unknown);
    }

    @Test
    void whatANewerReleaseHasAddedIsLookedPast() {
        String text = new String(RampText.write(PLAN), StandardCharsets.UTF_8) + "colour blue\n";
        assertThat(RampText.readPlan(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(PLAN);
    }

    @Test
    void theHistoryIsBoundedAndLosesTheOldestFirst() {
        List<RampEvent> events = new ArrayList<>();
        for (int i = 0; i < RampState.MOST_EVENTS + 5; i++) {
            events.add(new RampEvent(i, RampEvent.Kind.STEP, 1, "", "s"));
        }
        assertThat(state(events, Profile.UNKNOWN).history())
                .hasSize(RampState.MOST_EVENTS)
                .last()
                .isEqualTo(events.getLast());
    }
}
