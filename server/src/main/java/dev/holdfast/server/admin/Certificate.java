package dev.holdfast.server.admin;

import org.jspecify.annotations.Nullable;

/** The certificate that both ports present, and the files that it comes from. Thread-safe. */
public interface Certificate {

    /**
     * What is presented now.
     *
     * @param subject whose certificate it is
     * @param expiresAt milliseconds since the Unix epoch
     * @param loadedAt milliseconds since the Unix epoch
     * @param replaced how often it has been replaced since the start
     * @param refused how often what the files held was refused since the start
     * @param problem why what the files hold now is not presented; null when it is
     */
    record State(
            String subject,
            long expiresAt,
            long loadedAt,
            long replaced,
            long refused,
            @Nullable String problem) {}

    State state();

    /** Reads the files now, whether they have changed or not. Open connections go on as they are. */
    State reload();
}
