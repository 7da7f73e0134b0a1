package dev.holdfast.providers.postgres;

import dev.holdfast.engine.time.Time;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Until when the server takes the password of the role that is in use ({@code VALID UNTIL}), asked once a minute and by probes alone.
 * Thread-safe.
 */
final class RoleEnd {
    private static final Logger LOG = LoggerFactory.getLogger(RoleEnd.class);
    private static final long ASK_NANOS = 60_000_000_000L;

    /** Everybody may read this view, which hides the passwords. */
    private static final String ASK = """
        SELECT session_user::text AS role,
            CASE WHEN isfinite(rolvaliduntil) THEN floor(extract(epoch FROM rolvaliduntil) * 1000)::bigint END AS ends
            FROM pg_catalog.pg_roles WHERE rolname = session_user
        """;

    private final Time time;
    private volatile @Nullable Known known;

    /** What the server said of a role. */
    private record Known(String role, OptionalLong ends, long askedAt) {}

    RoleEnd(Time time) {
        this.time = time;
    }

    /** In milliseconds since the Unix epoch; empty for never, or when nothing is known of this role. */
    OptionalLong of(String role) {
        Known last = known;
        return last != null && last.role().equals(role) ? last.ends() : OptionalLong.empty();
    }

    /** Asks, unless the answer for this role is fresh. What cannot be read is not known, and nothing fails for it. */
    void look(Connection connection, String role) {
        Known last = known;
        long now = time.nanos();
        if (last != null && last.role().equals(role) && now - last.askedAt() < ASK_NANOS) {
            return;
        }
        try (PreparedStatement ask = connection.prepareStatement(ASK);
                ResultSet row = ask.executeQuery()) {
            if (row.next()) {
                long ends = row.getLong("ends");
                OptionalLong end = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(ends);
                known = new Known(row.getString("role"), end, now);
            }
        } catch (SQLException e) {
            LOG.debug("until when {} is accepted is not to be read: {}", role, e.getMessage());
            known = new Known(role, OptionalLong.empty(), now);
        }
    }
}
