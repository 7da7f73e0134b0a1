package dev.holdfast.simulation.coldstart;

import static dev.holdfast.simulation.coldstart.RampWorld.BOUNDS;
import static dev.holdfast.simulation.coldstart.RampWorld.CALLS;
import static dev.holdfast.simulation.coldstart.RampWorld.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.admission.RampEvent;
import dev.holdfast.engine.admission.RampStatus;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ramp that ships, before providers that bear only so much, under users who try again. */
class RampUnderLoadTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void aRampIsHardlyEverOutsideTheBoundsWhereOpeningAllAtOnceIsForMinutes(long seed) {
        int[] outside = new int[2];
        RampWorld.play(seed, world -> {
            long began = world.probe().now();
            world.openAll();
            world.until("all is answered", () -> world.answered(60) > 0.99);
            outside[0] = world.probe().windowsOutside(began, BOUNDS.maxP99().toNanos());
        });
        RampWorld.play(seed, world -> {
            long began = world.probe().now();
            Duration foretold = world.startRamp();
            int took = world.until("all is open", () -> world.ramp().over());
            outside[1] = world.probe().windowsOutside(began, BOUNDS.maxP99().toNanos());
            assertThat(world.answered(30)).isGreaterThan(0.99);
            // It holds here and there, which nobody can foretell.
            assertThat(took / (double) foretold.toSeconds()).isBetween(0.9, 2.0);
        });
        assertThat(outside[0]).isGreaterThanOrEqualTo(12);
        assertThat(outside[1]).isLessThanOrEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void whenTheProvidersBecomeSlowInTheMiddleItHoldsAndGoesBackAndGoesOnByItself(long seed) {
        RampWorld.play(seed, world -> {
            world.startRamp();
            world.until("the third tier opens", () -> world.ramp().wave() == 4);
            world.until(
                    "a part of it is open", () -> world.ramp().waves().get(3).share() >= 5);
            world.serve(1);
            world.until("it holds", () -> !world.ramp().holding().isEmpty());
            int share = world.ramp().waves().get(3).share();
            world.until("it goes back", () -> world.ramp().waves().get(3).share() < share);
            assertThat(world.ramp().waves().get(2).share()).isEqualTo(100);
            world.serve(CALLS);
            world.until("all is open", () -> world.ramp().over());
            List<RampEvent.Kind> kinds =
                    world.ramp().history().stream().map(RampEvent::kind).toList();
            assertThat(kinds)
                    .containsSubsequence(
                            RampEvent.Kind.STEP,
                            RampEvent.Kind.HOLD,
                            RampEvent.Kind.BACK,
                            RampEvent.Kind.CALM,
                            RampEvent.Kind.STEP,
                            RampEvent.Kind.DONE);
            world.until("all is answered", () -> world.answered(30) > 0.99);
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void aNodeThatIsKilledInTheMiddleGoesOnWhereItWas(long seed) {
        RampWorld.play(seed, world -> {
            world.startRamp();
            world.until("the second tier opens", () -> world.ramp().wave() == 3);
            world.world.park(seed * 20 * SECOND);
            RampStatus before = world.ramp();
            world.killNode();
            RampStatus after = world.ramp();
            assertThat(after.phase()).isEqualTo("running");
            assertThat(after.wave()).isEqualTo(before.wave());
            assertThat(after.waves())
                    .extracting(RampStatus.WaveView::share)
                    .isEqualTo(before.waves().stream()
                            .map(RampStatus.WaveView::share)
                            .toList());
            world.until("all is open", () -> world.ramp().over());
            world.until("all is answered", () -> world.answered(30) > 0.99);
        });
    }
}
