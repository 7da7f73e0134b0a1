package dev.holdfast.server.main;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/** Whether this process leaves enough of the processors of this machine, or of its container. */
final class Processor {
    /** Of a single one. */
    private static final double LEAST = 0.25;
    /** So much of what is taken must be this process: what others take of the machine is no namespace's doing. */
    private static final double OURS = 0.5;

    private final @Nullable OperatingSystemMXBean system =
            ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean here ? here : null;
    private final double most;

    /** @param percent of all of them, beyond which they are full; 0 for what their number allows */
    Processor(int percent) {
        this.most = percent > 0 ? percent / 100.0 : allowed(Runtime.getRuntime().availableProcessors());
    }

    /**
     * Which share of so many processors may be taken before one who comes is likely to wait: all but as many as the square root of their
     * number, with which one of two is as likely free as one of twenty. After Halfin and Whitt, "Heavy-traffic limits for queues with many
     * exponential servers", 1981.
     */
    static double allowed(int processors) {
        return Math.max(LEAST, 1 - 1 / Math.sqrt(processors));
    }

    /** Since this was asked last; false where it cannot be known. */
    boolean full() {
        return system != null && system.getCpuLoad() > most && system.getProcessCpuLoad() > most * OURS;
    }
}
