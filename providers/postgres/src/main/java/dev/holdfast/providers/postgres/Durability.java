package dev.holdfast.providers.postgres;

import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.ProviderFault;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Whether a commit of this session survives a crash of the server. Looked at for each connection and with each probe, since both
 * settings can be changed while a server runs, for a role, or for a database.
 */
record Durability(String fsync, String synchronousCommit, String standbys) {

    static Durability of(Connection session) throws SQLException {
        try (PreparedStatement settings = session.prepareStatement("SELECT current_setting('fsync'),"
                        + " current_setting('synchronous_commit'), current_setting('synchronous_standby_names')");
                ResultSet row = settings.executeQuery()) {
            row.next();
            return new Durability(row.getString(1), row.getString(2), row.getString(3));
        }
    }

    /** @throws ProviderFault with what to change, when an acknowledged write could be lost */
    void require(String where) throws ProviderFault {
        String complaint = complaint();
        if (!complaint.isEmpty()) {
            throw new ProviderFault(FaultKind.UNAVAILABLE, where + " is not used: " + complaint);
        }
    }

    /** A sentence; empty when there is nothing to complain of. */
    String complaint() {
        if (fsync.equals("off")) {
            return "the server runs with fsync = off, so a crash of its machine may damage all it holds";
        }
        if (synchronousCommit.equals("off")) {
            return "synchronous_commit is off here, so a crash loses commits that were acknowledged; set it to on";
        }
        if (synchronousCommit.equals("local") && !standbys.isBlank()) {
            return "synchronous_commit is local here though there are synchronous standbys (" + standbys
                    + "), so a failover loses commits that were acknowledged; set it to on";
        }
        return "";
    }
}
