package dev.holdfast.server.compat;

import dev.holdfast.engine.kv.Limits;
import dev.holdfast.engine.kv.Record;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** When a value that is being written expires. */
public final class Expirations {
    private Expirations() {}

    /**
     * A relative time wins, and the absolute one is then not even looked at.
     *
     * @param ttl seconds from now, as text; null when it was not given
     * @param at seconds since the Unix epoch, as text; null when it was not given
     * @param now seconds since the Unix epoch
     * @return seconds since the Unix epoch, or {@link Record#NEVER}
     */
    public static long resolve(@Nullable String ttl, @Nullable String at, long now, Numbers form) throws Refused {
        if (ttl != null) {
            return relative(ttl, now, form);
        }
        return at == null ? Record.NEVER : absolute(at, now, form);
    }

    private static long relative(String raw, long now, Numbers form) throws Refused {
        OptionalLong seconds = form.parse(raw);
        if (seconds.isEmpty() || seconds.getAsLong() <= 0) {
            throw Refused.bad(
                    Codes.INVALID_EXPIRATION_TTL,
                    "Invalid expiration_ttl of " + raw + ". Please specify integer greater than 0.");
        }
        if (seconds.getAsLong() < Limits.EXPIRATION_TTL_SECONDS) {
            throw Refused.bad(
                    Codes.INVALID_EXPIRATION_TTL,
                    "Invalid expiration_ttl of " + raw + ". Expiration TTL must be at least "
                            + Limits.EXPIRATION_TTL_SECONDS + ".");
        }
        return Math.min(Numbers.MOST, now + seconds.getAsLong());
    }

    private static long absolute(String raw, long now, Numbers form) throws Refused {
        OptionalLong seconds = form.parse(raw);
        if (seconds.isEmpty() || seconds.getAsLong() <= now) {
            throw Refused.bad(
                    Codes.INVALID_EXPIRATION,
                    "Invalid expiration of " + raw
                            + ". Please specify integer greater than the current number of seconds since the UNIX"
                            + " epoch.");
        }
        if (seconds.getAsLong() < now + Limits.EXPIRATION_TTL_SECONDS) {
            throw Refused.bad(
                    Codes.INVALID_EXPIRATION,
                    "Invalid expiration of " + raw + ". Expiration times must be at least "
                            + Limits.EXPIRATION_TTL_SECONDS + " seconds in the future.");
        }
        return seconds.getAsLong();
    }
}
