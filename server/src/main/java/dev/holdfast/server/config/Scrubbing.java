package dev.holdfast.server.config;

import dev.holdfast.engine.replication.ScrubConfig;
import java.time.Duration;
import java.util.List;

/** How records at rest are read through: {@link ScrubConfig} from settings. */
final class Scrubbing {
    static final Setting<Duration> INTERVAL = new Setting<>(
            "scrub.interval",
            Type.duration(Duration.ZERO, Duration.ofDays(365)),
            "7d",
            "Between the beginnings of two passes that read every record of a provider in full; 0s for none but on"
                    + " request.");
    static final Setting<Size> RATE = new Setting<>(
            "scrub.rate",
            Type.size(new Size(0), new Size(1L << 40)),
            "16MiB",
            "How much such a pass reads in a second at most, shared by all nodes; 0 for no bound but that it rests for"
                    + " as long as it works.");
    static final List<Setting<?>> SETTINGS = List.of(INTERVAL, RATE);

    private Scrubbing() {}

    static ScrubConfig from(Values values) {
        return new ScrubConfig(values.get(INTERVAL), values.get(RATE).bytes());
    }
}
