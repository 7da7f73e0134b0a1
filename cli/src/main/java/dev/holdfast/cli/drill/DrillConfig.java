package dev.holdfast.cli.drill;

import static dev.holdfast.cli.drill.Traffic.require;

import java.time.Duration;
import java.util.List;

/**
 * What a drill does.
 *
 * @param provider the one that is made to fail
 * @param mode of failing, as {@code FaultMode} spells it: {@code blackhole}
 * @param rate share of calls that fail, above 0 and at most 1
 * @param operations that fail: {@code get}, {@code sight}, {@code put}, {@code scan}, {@code probe}, {@code collect}; empty
 *     for all
 * @param delayMillis how slow {@code slow} is
 * @param before how long the load runs healthy, to compare with
 * @param during how long the fault lasts
 * @param settle the longest that is waited for the store to be whole again after the fault
 */
public record DrillConfig(
        String provider,
        String mode,
        double rate,
        List<String> operations,
        long delayMillis,
        Traffic traffic,
        Duration before,
        Duration during,
        Duration settle) {

    /** {@link Traffic#DEFAULT}; 5 s before, at most 60 s after. */
    public static DrillConfig of(String provider, String mode, Duration during) {
        return new DrillConfig(
                provider,
                mode,
                1.0,
                List.of(),
                200,
                Traffic.DEFAULT,
                Duration.ofSeconds(5),
                during,
                Duration.ofSeconds(60));
    }

    public DrillConfig {
        operations = List.copyOf(operations);
        require(!provider.isBlank(), "a drill needs a provider");
        require(!mode.isBlank(), "a drill needs a mode");
        require(rate > 0 && rate <= 1, "the rate is above 0 and at most 1, not " + rate);
        require(delayMillis >= 0, "the delay is 0 or more ms, not " + delayMillis);
        require(during.isPositive(), "the fault lasts longer than nothing");
    }

    public DrillConfig withTraffic(Traffic of) {
        return new DrillConfig(provider, mode, rate, operations, delayMillis, of, before, during, settle);
    }

    public DrillConfig withPhases(Duration longBefore, Duration longSettle) {
        return new DrillConfig(provider, mode, rate, operations, delayMillis, traffic, longBefore, during, longSettle);
    }

    public DrillConfig withFault(double share, List<String> of, long slowMillis) {
        return new DrillConfig(provider, mode, share, of, slowMillis, traffic, before, during, settle);
    }
}
