package dev.holdfast.simulation.recovery;

/** The plans that ship, made smaller. */
final class SmallRecoveries {
    /** Down for less long, and watched for less long after. */
    static final Herd HERD = new Herd(
            Herd.DEFAULT.places(),
            Herd.DEFAULT.readsPerSecond(),
            Herd.DEFAULT.writesPerSecond(),
            Herd.DEFAULT.tiers(),
            Herd.DEFAULT.callsPerSecond(),
            Herd.DEFAULT.ttlSeconds(),
            Herd.DEFAULT.warmSeconds(),
            120,
            1_200);

    static final EmptyDns EMPTY_DNS = new EmptyDns(100, 5, 150, 240, 480, 40, 400, 900, 600);
    static final BadConfig BAD_CONFIG = new BadConfig(10, 22, 30, 34, 60, 0.5, 25);

    private SmallRecoveries() {}

    static Played play(String replay, String arm) {
        return switch (replay) {
            case "herd" -> HERD.recovery().play(arm);
            case "dns" -> EMPTY_DNS.recovery().play(arm);
            case "config" -> BAD_CONFIG.recovery().play(arm);
            default -> throw new IllegalArgumentException(replay);
        };
    }
}
