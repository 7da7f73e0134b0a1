package dev.holdfast.providers.postgres;

import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.time.Time;
import dev.holdfast.providers.postgres.PostgresSettings.Credential;
import dev.holdfast.providers.postgres.PostgresSettings.Host;
import dev.holdfast.providers.postgres.PostgresSettings.Timeouts;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.function.Supplier;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.slf4j.LoggerFactory;

/**
 * Makes connections that are fit for use: as the first role that the server accepts, bounded in time, checked for durability, and
 * knowing which cluster they lead to. The pool asks here. Thread-safe.
 */
final class Sessions implements DataSource {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(Sessions.class);

    /** The system identifier stays with the session, for statements to compare without reading the control file each time. */
    private static final String PREPARE = """
        SELECT set_config('statement_timeout', ?, false),
            set_config('default_transaction_isolation', 'read committed', false),
            set_config('search_path', 'pg_catalog', false),
            set_config('holdfast.system', (SELECT system_identifier::text FROM pg_control_system()), false),
            substring(pg_walfile_name(pg_current_wal_insert_lsn()) for 8)
        """;

    private final String name;
    private final PostgresSettings settings;
    private final Statements statements;
    private final Continuity continuity;
    private final Driver driver = new Driver();
    private final Time time;
    private volatile int inUse;
    private volatile @Nullable Failure failure;

    /** Of the last attempt to connect. */
    record Failure(SQLException what, long nanos) {}

    Sessions(String name, PostgresSettings settings, Statements statements, Continuity continuity, Time time) {
        this.name = name;
        this.settings = settings;
        this.statements = statements;
        this.continuity = continuity;
        this.time = time;
    }

    /** Which credential was accepted last, from 0. */
    int credentialInUse() {
        return inUse;
    }

    /** What the last attempt failed with; null when it succeeded. */
    @Nullable
    Failure lastFailure() {
        return failure;
    }

    @Override
    public Connection getConnection() throws SQLException {
        try {
            Connection session = asTheFirstAccepted();
            failure = null;
            return session;
        } catch (SQLException e) {
            failure = new Failure(e, time.nanos());
            throw e;
        }
    }

    private Connection asTheFirstAccepted() throws SQLException {
        List<Credential> all = settings.credentials();
        int first = inUse;
        SQLException refusal = null;
        for (int i = 0; i < all.size(); i++) {
            int candidate = (first + i) % all.size();
            try {
                Connection session = connect(all.get(candidate));
                if (candidate != first) {
                    LOG.warn(
                            "provider {} now connects as {}: {} was refused", name, all.get(candidate), all.get(first));
                    inUse = candidate;
                }
                return session;
            } catch (SQLException e) {
                if (!Faults.refusedCredential(e)) {
                    throw e;
                }
                refusal = e;
            }
        }
        throw refusal != null ? refusal : new SQLException("no credentials");
    }

    private Connection connect(Credential credential) throws SQLException {
        Connection session = driver.connect(url(), properties(credential));
        if (session == null) {
            throw new SQLException("the driver does not take " + url());
        }
        try {
            prepare(session);
            // The driver's own log-in timeout would leave a thread behind, and say less of what happened.
            session.setNetworkTimeout(
                    Runnable::run, Math.toIntExact(settings.timeouts().socket().toMillis()));
            return session;
        } catch (SQLException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private void prepare(Connection session) throws SQLException {
        String timeline;
        try (PreparedStatement prepare = session.prepareStatement(PREPARE)) {
            prepare.setString(1, Long.toString(settings.timeouts().statement().toMillis()));
            try (ResultSet row = prepare.executeQuery()) {
                row.next();
                timeline = row.getString(5);
            }
        }
        if (!settings.lax()) {
            try {
                Durability.of(session).require(settings.where());
            } catch (ProviderFault e) {
                throw new Faults.Refusal(e);
            }
        }
        Version before = continuity.acknowledged();
        if (!before.equals(Version.NONE)) {
            try {
                Version highWater = statements.highWater(session);
                if (highWater != null) {
                    continuity.connected(timeline, before, highWater);
                }
            } catch (SQLException e) {
                LOG.debug("what cannot be read here is said by what is asked next: {}", e.getMessage());
            }
        } else {
            continuity.connected(timeline, before, before);
        }
    }

    /** Nothing in it is secret. */
    private String url() {
        return "jdbc:postgresql://"
                + settings.hosts().stream().map(Host::toString).collect(Collectors.joining(","))
                + "/"
                + URLEncoder.encode(settings.database(), StandardCharsets.UTF_8);
    }

    private Properties properties(Credential credential) {
        Properties properties = new Properties();
        PGProperty.USER.set(properties, credential.user());
        Supplier<String> password = credential.password();
        if (password != null) {
            PGProperty.PASSWORD.set(properties, password.get());
        }
        Timeouts timeouts = settings.timeouts();
        PGProperty.CONNECT_TIMEOUT.set(properties, seconds(timeouts.connect()));
        PGProperty.SOCKET_TIMEOUT.set(properties, seconds(timeouts.connect()));
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        PGProperty.SSL_MODE.set(properties, settings.tls().mode().label());
        if (settings.tls().rootCertificate() != null) {
            PGProperty.SSL_ROOT_CERT.set(
                    properties, settings.tls().rootCertificate().toString());
        }
        PGProperty.GSS_ENC_MODE.set(properties, "disable");
        PGProperty.APPLICATION_NAME.set(properties, "holdfast " + name);
        PGProperty.TARGET_SERVER_TYPE.set(properties, "primary");
        PGProperty.HOST_RECHECK_SECONDS.set(properties, 1);
        // From the first time on, since only what is prepared comes back in binary form, half the size of the other.
        PGProperty.PREPARE_THRESHOLD.set(properties, 1);
        PGProperty.LOG_SERVER_ERROR_DETAIL.set(properties, false);
        return properties;
    }

    private static int seconds(Duration duration) {
        return Math.toIntExact(duration.toSeconds());
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("the roles are in the settings");
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return seconds(settings.timeouts().connect());
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("it logs by slf4j");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("nothing is wrapped here");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
