package dev.holdfast.server.config;

import dev.holdfast.engine.admission.AdmissionConfig;
import java.time.Duration;
import java.util.List;

/** What comes to the providers of an origin, or from an edge to its origins: {@link AdmissionConfig} from settings. */
final class Admission {
    private static final Type<Integer> CALLS = Type.number(1, 1_000_000);

    static final Setting<Integer> LEAST = new Setting<>(
            "admission.min-calls",
            CALLS,
            "64",
            "Calls under way below which none waits, however slow the providers are.");
    static final Setting<Integer> MOST = new Setting<>(
            "admission.max-calls",
            CALLS,
            "4096",
            "Calls under way beyond which further ones wait for a turn, however fast the providers are. Between the two"
                    + " the bound is found from how long they take.");
    static final Setting<Integer> WAITING = new Setting<>(
            "admission.max-waiting",
            CALLS,
            "4096",
            "How many calls may wait for a turn; beyond, those of the lowest tier are refused.");
    static final Setting<Duration> PATIENCE = new Setting<>(
            "admission.patience",
            Type.duration(Duration.ofMillis(1), Duration.ofMinutes(1)),
            "1s",
            "For how long a call may wait for its turn before it is answered with what is known, or with 503. A tenth"
                    + " of it while there always are some that wait.");
    static final Setting<Integer> PROCESSOR = new Setting<>(
            "admission.max-processor",
            Type.number(0, 100),
            "0",
            "While more than this share of all processors is taken, in percent, and others ask as well, a namespace"
                + " that takes more than its even share waits; 0 for what their number allows: 29 of two, 50 of four,"
                + " 75 of sixteen.");
    static final Setting<Integer> LOAD = new Setting<>(
            "recovery.max-load",
            Type.number(0, 1_000),
            "2",
            "After a start, and once the providers are back, they are given so many times the load that they have"
                + " borne before, until less is wanted, and so is each of them that was away, until it has caught up;"
                + " 0 for no bound.");
    static final Setting<Integer> LEAST_LOAD = new Setting<>(
            "recovery.min-load",
            CALLS,
            "200",
            "Calls a second that they are given then in any case; of one that was away, by all nodes together.");
    static final List<Setting<?>> SETTINGS = List.of(LEAST, MOST, WAITING, PATIENCE, PROCESSOR, LOAD, LEAST_LOAD);

    private Admission() {}

    static AdmissionConfig from(Values values) {
        AdmissionConfig config = new AdmissionConfig(
                values.get(LEAST),
                values.get(MOST),
                values.get(WAITING),
                values.get(PATIENCE),
                values.get(LOAD),
                values.get(LEAST_LOAD));
        if (config.mostCalls() < config.leastCalls()) {
            values.problem(MOST, "must not be less than " + LEAST.name());
        }
        return config;
    }
}
