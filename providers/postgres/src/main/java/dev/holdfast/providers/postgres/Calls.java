package dev.holdfast.providers.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.time.Time;
import dev.holdfast.providers.postgres.Sessions.Failure;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs work on a connection of the pool, and lets the caller go when it is interrupted or the work takes too long.
 *
 * <p>The work runs on a virtual thread of its own. On the caller's, an interrupt would close the socket, and every hedge that is
 * won elsewhere would cost the server a new connection, most of all when it is slow. So a call that is given up goes on until it
 * is answered or the server or the socket times out; only after that its connection is cut. Thread-safe.
 */
final class Calls implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Calls.class);
    private static final int TRIES = 4;
    /** After a failed attempt to connect, calls fail for so long without another one, if there is no connection at all. */
    private static final Duration REST = Duration.ofMillis(500);

    /** What is done on a connection, in one transaction or with each statement committed by itself. */
    @FunctionalInterface
    interface Work<T> {
        T on(Connection connection) throws SQLException, ProviderFault;
    }

    private final String name;
    private final PostgresSettings settings;
    private final Time time;
    private final HikariDataSource pool;
    private final Sessions sessions;

    Calls(String name, PostgresSettings settings, Sessions sessions, Time time) {
        this.name = name;
        this.settings = settings;
        this.time = time;
        this.sessions = sessions;
        HikariConfig config = new HikariConfig();
        config.setPoolName("postgres " + name);
        config.setDataSource(sessions);
        config.setMaximumPoolSize(settings.connections());
        // None is kept for nobody: whoever waits has them made at once, where the pool by itself would try at growing
        // intervals.
        config.setMinimumIdle(0);
        config.setConnectionTimeout(settings.timeouts().pool().toMillis());
        config.setValidationTimeout(Math.max(250, settings.timeouts().pool().toMillis() / 2));
        config.setInitializationFailTimeout(-1);
        this.pool = new HikariDataSource(config);
    }

    /**
     * @param doing for people, when it fails: "reading from"
     * @throws ProviderFault as the work does, or made from its exception
     */
    <T> T call(String doing, Work<T> work) throws ProviderFault {
        Running<T> running = new Running<>(doing, work);
        FutureTask<T> task = new FutureTask<>(running::run);
        time.fork("postgres-" + name, task);
        try {
            return task.get(settings.timeouts().call().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            running.givenUp = true;
            throw new ProviderFault(FaultKind.TIMEOUT, "given up while " + doing + " " + settings.where());
        } catch (TimeoutException e) {
            running.cut();
            throw new ProviderFault(
                    FaultKind.TIMEOUT,
                    doing + " " + settings.where() + " took longer than "
                            + settings.timeouts().call().toSeconds() + " s");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ProviderFault fault) {
                throw fault;
            }
            throw new ProviderFault(
                    FaultKind.UNAVAILABLE, doing + " " + settings.where() + " failed: " + e.getCause(), e);
        }
    }

    /** One call, on its own thread. */
    private final class Running<T> {
        private final String doing;
        private final Work<T> work;
        private volatile boolean givenUp;
        private volatile @Nullable Connection on;

        Running(String doing, Work<T> work) {
            this.doing = doing;
            this.work = work;
        }

        T run() throws ProviderFault {
            int tries = 1;
            while (true) {
                try (Connection connection = borrow()) {
                    on = connection;
                    if (givenUp) {
                        throw new ProviderFault(FaultKind.TIMEOUT, "nobody waits any more");
                    }
                    return work.on(connection);
                } catch (SQLException e) {
                    if (tries >= TRIES || givenUp || !Faults.worthAnotherTry(e)) {
                        throw Faults.of(doing, settings.where(), e);
                    }
                    tries++;
                } finally {
                    on = null;
                }
            }
        }

        /** Closes the socket under a call that even its timeout does not end: one that still writes to a stalled server. */
        void cut() {
            givenUp = true;
            Connection connection = on;
            if (connection != null) {
                try {
                    connection.abort(Runnable::run);
                } catch (SQLException e) {
                    LOG.debug("cutting a connection of provider {}: {}", name, e.getMessage());
                }
            }
        }
    }

    private Connection borrow() throws SQLException, ProviderFault {
        Failure last = failureWithin(REST);
        if (last != null && connections() == 0) {
            throw Faults.of("connecting to", settings.where(), last.what());
        }
        try {
            return pool.getConnection();
        } catch (SQLException e) {
            if (pool.isClosed()) {
                throw new ProviderFault(FaultKind.UNAVAILABLE, "provider " + name + " is closed");
            }
            Failure now = failureWithin(settings.timeouts().pool().plus(REST));
            if (now != null) {
                throw Faults.of("connecting to", settings.where(), now.what());
            }
            throw new ProviderFault(
                    FaultKind.TIMEOUT,
                    "no connection to " + settings.where() + " was to be had within "
                            + settings.timeouts().pool().toMillis() + " ms: " + inUse() + " are in use",
                    e);
        }
    }

    /** What the last attempt to connect failed with, if that is not long ago. */
    private @Nullable Failure failureWithin(Duration duration) {
        Failure last = sessions.lastFailure();
        return last != null && time.nanos() - last.nanos() < duration.toNanos() ? last : null;
    }

    /** Connections on which something runs, calls that were given up included. */
    int inUse() {
        HikariPoolMXBean bean = pool.getHikariPoolMXBean();
        return bean == null ? 0 : bean.getActiveConnections();
    }

    private int connections() {
        HikariPoolMXBean bean = pool.getHikariPoolMXBean();
        return bean == null ? 0 : bean.getTotalConnections();
    }

    @Override
    public void close() {
        pool.close();
    }
}
