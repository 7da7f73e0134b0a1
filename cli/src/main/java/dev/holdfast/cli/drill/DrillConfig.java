package dev.holdfast.cli.drill;

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
 * @param connections requests under way at once
 * @param keys how many keys are read and written
 * @param readShare share of requests that read, 0 to 1
 * @param valueBytes size of each value
 * @param before how long the load runs healthy, to compare with
 * @param during how long the fault lasts
 * @param settle the longest that is waited for the store to be whole again after the fault
 * @param seed of the choice of keys
 */
public record DrillConfig(
        String provider,
        String mode,
        double rate,
        List<String> operations,
        long delayMillis,
        int connections,
        int keys,
        double readShare,
        int valueBytes,
        Duration before,
        Duration during,
        Duration settle,
        long seed) {

    /** 16 connections, 90 % reads of 1,000 keys of 288 bytes; 5 s before, at most 60 s after. */
    public static DrillConfig of(String provider, String mode, Duration during) {
        return new DrillConfig(
                provider,
                mode,
                1.0,
                List.of(),
                200,
                16,
                1_000,
                0.9,
                288,
                Duration.ofSeconds(5),
                during,
                Duration.ofSeconds(60),
                1);
    }

    public DrillConfig {
        operations = List.copyOf(operations);
        require(!provider.isBlank(), "a drill needs a provider");
        require(!mode.isBlank(), "a drill needs a mode");
        require(rate > 0 && rate <= 1, "the rate is above 0 and at most 1, not " + rate);
        require(delayMillis >= 0, "the delay is 0 or more ms, not " + delayMillis);
        require(connections >= 1 && connections <= 4_096, "connections are 1 to 4096, not " + connections);
        require(keys >= 1 && keys <= 1_000_000, "keys are 1 to 1000000, not " + keys);
        require(readShare >= 0 && readShare <= 1, "the share of reads is 0 to 1, not " + readShare);
        require(
                valueBytes >= Payload.SMALLEST,
                "values have " + Payload.SMALLEST + " bytes or more, not " + valueBytes);
        require(during.isPositive(), "the fault lasts longer than nothing");
    }

    public DrillConfig withConnections(int number) {
        return new DrillConfig(
                provider,
                mode,
                rate,
                operations,
                delayMillis,
                number,
                keys,
                readShare,
                valueBytes,
                before,
                during,
                settle,
                seed);
    }

    public DrillConfig withPhases(Duration longBefore, Duration longSettle) {
        return new DrillConfig(
                provider,
                mode,
                rate,
                operations,
                delayMillis,
                connections,
                keys,
                readShare,
                valueBytes,
                longBefore,
                during,
                longSettle,
                seed);
    }

    public DrillConfig withFault(double share, List<String> of, long slowMillis) {
        return new DrillConfig(
                provider,
                mode,
                share,
                of,
                slowMillis,
                connections,
                keys,
                readShare,
                valueBytes,
                before,
                during,
                settle,
                seed);
    }

    public DrillConfig withKeys(int number) {
        return new DrillConfig(
                provider,
                mode,
                rate,
                operations,
                delayMillis,
                connections,
                number,
                readShare,
                valueBytes,
                before,
                during,
                settle,
                seed);
    }

    private static void require(boolean holds, String sentence) {
        if (!holds) {
            throw new IllegalArgumentException(sentence);
        }
    }
}
