package dev.holdfast.simulation.recovery;

import java.util.List;
import java.util.Optional;

/** The recoveries that can be played. */
public final class Recoveries {
    public static final List<Recovery> ALL =
            List.of(Herd.DEFAULT.recovery(), EmptyDns.DEFAULT.recovery(), BadConfig.DEFAULT.recovery());

    private Recoveries() {}

    public static Optional<Recovery> named(String name) {
        return ALL.stream().filter(recovery -> recovery.name().equals(name)).findFirst();
    }
}
