package dev.holdfast.providers.postgres;

import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.Identity;
import dev.holdfast.engine.provider.ProviderFault;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The place that the caller was told of: what every statement is checked against.
 *
 * @param id in the table {@code place}
 * @param system identifier of the cluster in which it was found
 */
record Seen(String id, String system, Identity identity) {
    private static final int ID_BYTES = 16;

    /** Nowhere: the caller was told that there is none. */
    static final Seen NOTHING = new Seen("", "", new Identity("", 0));

    /** Reads which place is there; empty when there are no tables, or nothing in them. */
    static Optional<Seen> look(Connection connection, Statements statements, String where)
            throws SQLException, ProviderFault {
        try (PreparedStatement look = connection.prepareStatement(statements.place);
                ResultSet row = look.executeQuery()) {
            return row.next() ? Optional.of(of(row, where)) : Optional.empty();
        } catch (SQLException e) {
            if (Faults.nothingThere(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** @throws ProviderFault when the tables were made by a later version of Holdfast */
    static Seen of(ResultSet row, String where) throws SQLException, ProviderFault {
        if (row.getInt("format") > Schema.FORMAT) {
            throw new ProviderFault(
                    FaultKind.UNAVAILABLE,
                    where + " has format " + row.getInt("format") + ", and this version reads up to " + Schema.FORMAT);
        }
        String id = row.getString("id");
        String system = row.getString("system");
        return new Seen(
                id,
                system,
                new Identity(
                        system.equals(row.getString("system_identifier")) ? id : idElsewhere(id, system),
                        row.getLong("generation")));
    }

    /**
     * A copy of the tables in another cluster is another place, with all that it holds: it is as old as the copy. Its id is made
     * from both, so that it is the same for every node and each time.
     */
    private static String idElsewhere(String id, String system) {
        try {
            byte[] both = (id + " in " + system).getBytes(StandardCharsets.US_ASCII);
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(both);
            return HexFormat.of().formatHex(hash, 0, ID_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Moves to the only row of a statement, which says where it comes from. */
    void require(ResultSet row, String where) throws SQLException, ProviderFault {
        if (!row.next()) {
            throw gone(where, "its place has been wiped");
        }
        requireSame(row, where);
    }

    void requireSame(ResultSet row, String where) throws SQLException, ProviderFault {
        if (!id.equals(row.getString("id"))) {
            throw gone(where, "its place has been replaced by another one");
        }
        if (!system.equals(row.getString("system"))) {
            throw gone(where, "its server is another cluster, " + row.getString("system") + " instead of " + system);
        }
    }

    static ProviderFault gone(String where, String why) {
        return new ProviderFault(FaultKind.ROLLED_BACK, where + " is not what it was: " + why);
    }
}
