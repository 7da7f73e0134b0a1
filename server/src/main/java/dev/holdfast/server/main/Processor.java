package dev.holdfast.server.main;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/** Whether this process leaves anything of the processors of this machine, or of its container. */
final class Processor {
    private static final double FULL = 0.8;
    /** So much of it must be this process: what others take of the machine is no namespace's doing. */
    private static final double OURS = FULL / 2;

    private final @Nullable OperatingSystemMXBean system =
            ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean here ? here : null;

    /** Since this was asked last; false where it cannot be known. */
    boolean full() {
        return system != null && system.getCpuLoad() > FULL && system.getProcessCpuLoad() > OURS;
    }
}
