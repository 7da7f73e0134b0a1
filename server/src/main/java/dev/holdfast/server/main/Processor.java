package dev.holdfast.server.main;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/** Whether the processors of this machine, or of its container, have anything left. */
final class Processor {
    private static final double FULL = 0.9;

    private final @Nullable OperatingSystemMXBean system =
            ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean here ? here : null;

    /** Since this was asked last; false where it cannot be known. */
    boolean full() {
        return system != null && system.getCpuLoad() > FULL;
    }
}
