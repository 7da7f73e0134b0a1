package dev.holdfast.simulation.recovery;

import dev.holdfast.simulation.coldstart.ColdStart.Tier;
import java.util.List;

/** The plans that ship, made smaller. */
final class SmallRecoveries {
    static final Herd HERD = new Herd(
            8,
            100,
            0.2,
            List.of(new Tier(125, 0.1), new Tier(250, 0.2), new Tier(500, 0.4), new Tier(375, 0.3)),
            15,
            600,
            1_200,
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
