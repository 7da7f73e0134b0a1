package dev.holdfast.providers.postgres;

import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.ProviderFault;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What PostgreSQL, its driver and the network say, in the engine's closed set of faults. */
final class Faults {
    /** Raised by the functions of a schema: the place is not the one that the caller knows. */
    static final String NOT_THIS_PLACE = "HF001";

    /** Raised by them: a commit would not be durable. */
    static final String LAX = "HF002";

    private Faults() {}

    /** Says what a connection is refused for, past the pool and its own exceptions. */
    static final class Refusal extends SQLException {
        private static final long serialVersionUID = 1;

        @SuppressWarnings("serial") // never serialised
        private final ProviderFault fault;

        Refusal(ProviderFault fault) {
            super(fault.getMessage(), fault);
            this.fault = fault;
        }
    }

    /**
     * @param doing what was being done, for people: "reading from"
     * @param where which schema it was done to
     */
    static ProviderFault of(String doing, String where, SQLException e) {
        if (e instanceof Refusal refusal) {
            return refusal.fault;
        }
        FaultKind kind = kind(e);
        String state = e.getSQLState();
        return new ProviderFault(
                kind,
                doing + " " + where + " failed: " + said(e) + (state == null ? "" : " (SQLSTATE " + state + ")"),
                e);
    }

    /** The first line, without details: those may tell what was in the statement. */
    private static String said(SQLException e) {
        if (e instanceof PSQLException postgres) {
            ServerErrorMessage message = postgres.getServerErrorMessage();
            if (message != null && message.getMessage() != null) {
                return message.getMessage();
            }
        }
        String said = Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
        return said.lines().findFirst().orElse("no message");
    }

    private static FaultKind kind(SQLException e) {
        if (e instanceof SQLTimeoutException || cause(e, SocketTimeoutException.class) != null) {
            return FaultKind.TIMEOUT;
        }
        if (said(e).contains("No space left on device")) {
            return FaultKind.DISK_FULL;
        }
        return kind(Objects.requireNonNullElse(e.getSQLState(), ""));
    }

    /** See the appendix "PostgreSQL Error Codes" of its manual. */
    static FaultKind kind(String state) {
        return switch (state) {
            case "42501" -> FaultKind.UNAUTHORIZED;
            case "53100" -> FaultKind.DISK_FULL;
            case "53000", "53200", "53300", "53400" -> FaultKind.THROTTLED;
            // Cancelled by statement_timeout; a lock that did not come.
            case "57014", "55P03" -> FaultKind.TIMEOUT;
            case "XX001", "XX002" -> FaultKind.CORRUPT;
            // No such database, schema or table.
            case NOT_THIS_PLACE, "3D000", "3F000", "42P01" -> FaultKind.ROLLED_BACK;
            default -> state.startsWith("28") ? FaultKind.UNAUTHORIZED : FaultKind.UNAVAILABLE;
        };
    }

    /** Whether the statement was the loser of a conflict and would succeed now. */
    static boolean worthAnotherTry(SQLException e) {
        String state = e.getSQLState();
        return "40P01".equals(state) || "40001".equals(state);
    }

    /** Whether there is nothing where the place should be, rather than something wrong with it. */
    static boolean nothingThere(SQLException e) {
        return kind(Objects.requireNonNullElse(e.getSQLState(), "")) == FaultKind.ROLLED_BACK;
    }

    static boolean refusedCredential(SQLException e) {
        String state = e.getSQLState();
        return state != null && state.startsWith("28");
    }

    private static <T> @Nullable T cause(Throwable thrown, Class<T> type) {
        Throwable at = thrown;
        while (at != null) {
            if (type.isInstance(at)) {
                return type.cast(at);
            }
            at = at.getCause();
        }
        return null;
    }
}
