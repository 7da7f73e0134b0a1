package dev.holdfast.server.config;

import dev.holdfast.engine.admission.RampConfig;
import java.time.Duration;
import java.util.List;

/** How gates are opened step by step after an outage: {@link RampConfig} from settings. */
final class Ramping {
    private static final Type<Integer> PERCENT = Type.number(0, 100);
    private static final Type<Duration> TIME = Type.duration(Duration.ofMillis(100), Duration.ofDays(1));
    private static final Type<Duration> BOUND = Type.duration(Duration.ofMillis(1), Duration.ofMinutes(10));

    static final Setting<Duration> LOOK = new Setting<>(
            "ramp.look",
            Type.duration(Duration.ofMillis(100), Duration.ofMinutes(10)),
            "5s",
            "How often a ramp looks" + " at the store.");
    static final Setting<Duration> CALM = new Setting<>(
            "ramp.calm",
            TIME,
            "30s",
            "For how long the store must have been inside all bounds before a ramp takes its next step.");
    static final Setting<Duration> PATIENCE = new Setting<>(
            "ramp.patience",
            TIME,
            "30s",
            "For how long the store may be outside a bound before a ramp takes its last step back.");
    static final Setting<Integer> ERRORS = new Setting<>(
            "ramp.max-errors", PERCENT, "1", "Percent of the calls to the store that may fail during a ramp.");
    static final Setting<Duration> P99 = new Setting<>(
            "ramp.max-p99",
            BOUND,
            "500ms",
            "Longer than this may one call in a hundred take at the store during a ramp, and no more.");
    static final Setting<Duration> WAIT = new Setting<>(
            "ramp.max-wait",
            BOUND,
            "200ms",
            "Longer than this may one call in a hundred wait for its turn during a ramp, and no more. One that is"
                    + " refused has waited too long.");
    static final Setting<Integer> CONCURRENCY = new Setting<>(
            "ramp.max-concurrency",
            PERCENT,
            "90",
            "Percent of the calls which the store bears at a time that may be under way during a ramp, on the average;"
                    + " 100 for no bound.");
    static final Setting<Integer> GROWTH = new Setting<>(
            "ramp.max-growth",
            Type.number(2, 100),
            "8",
            "So many times at most the load that is let in grows with a step of a ramp: where few keys have much of"
                    + " the load, steps are smaller than 1, 5, 25 and 100 percent.");
    static final List<Setting<?>> SETTINGS = List.of(LOOK, CALM, PATIENCE, ERRORS, P99, WAIT, CONCURRENCY, GROWTH);

    private Ramping() {}

    static RampConfig from(Values values) {
        RampConfig config = new RampConfig(
                values.get(LOOK),
                values.get(CALM),
                values.get(PATIENCE),
                values.get(ERRORS) / 100.0,
                values.get(P99),
                values.get(WAIT),
                values.get(CONCURRENCY) / 100.0,
                values.get(GROWTH));
        if (config.calm().compareTo(config.look()) < 0) {
            values.problem(CALM, "must not be shorter than " + LOOK.name());
        }
        return config;
    }
}
