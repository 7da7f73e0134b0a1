package dev.holdfast.providers.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.Login;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.time.Time;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to a cluster, made when it is first needed and again when it is lost: at most one attempt at a time, and a pause after
 * each that failed, in which callers are told why without waiting. Of two credentials the one that was accepted last is used, and
 * the other one as soon as that is refused. Thread-safe.
 */
final class Connection {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** What is done in a cluster. May be done twice, where the first time was refused. */
    @FunctionalInterface
    interface Call<T> {
        T in(Cluster cluster) throws ProviderFault;
    }

    private final String name;
    private final CassandraSettings settings;
    private final Sessions sessions;
    private final Time time;
    private final ReentrantLock connecting = new ReentrantLock();
    private volatile @Nullable Cluster cluster;
    private volatile boolean closed;
    private int preferred;
    private @Nullable ProviderFault failed;
    private long failedAt;

    Connection(String name, CassandraSettings settings, Time time) {
        this.name = name;
        this.settings = settings;
        this.sessions = new Sessions(name, settings);
        this.time = time;
    }

    /** The user that is let in now. */
    Login login() {
        Cluster now = cluster;
        int of = settings.credentials().size();
        return now == null || now.credential < 0
                ? new Login("", 0, of)
                : new Login(settings.credentials().get(now.credential).user(), now.credential + 1, of);
    }

    <T> T call(Call<T> call) throws ProviderFault {
        Cluster first = cluster();
        try {
            return call.in(first);
        } catch (ProviderFault e) {
            if (!lost(first, e)) {
                throw e;
            }
        }
        Cluster second = cluster();
        try {
            return call.in(second);
        } catch (ProviderFault e) {
            if (lost(second, e)) {
                hold(e);
            }
            throw e;
        }
    }

    /** @return whether the call is worth another try, as somebody else */
    private boolean lost(Cluster at, ProviderFault fault) {
        boolean refused =
                fault.kind() == FaultKind.UNAUTHORIZED && settings.credentials().size() > 1;
        if (!refused && !Faults.nobodyLeft(fault)) {
            return false;
        }
        connecting.lock();
        try {
            if (cluster == at) {
                cluster = null;
                at.retire();
                if (refused) {
                    preferred = other(at.credential);
                }
            }
        } finally {
            connecting.unlock();
        }
        return refused;
    }

    private void hold(ProviderFault why) {
        connecting.lock();
        try {
            failed = why;
            failedAt = time.nanos();
        } finally {
            connecting.unlock();
        }
    }

    private int other(int credential) {
        return settings.credentials().isEmpty()
                ? 0
                : (credential + 1) % settings.credentials().size();
    }

    private Cluster cluster() throws ProviderFault {
        Cluster now = cluster;
        if (now != null) {
            return now;
        }
        try {
            connecting.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProviderFault(FaultKind.TIMEOUT, "given up while waiting for a connection to Cassandra", e);
        }
        try {
            now = cluster;
            if (now != null) {
                return now;
            }
            if (closed) {
                throw new ProviderFault(FaultKind.UNAVAILABLE, "provider " + name + " is closed");
            }
            if (failed != null && time.nanos() - failedAt < PAUSE_NANOS) {
                throw failed;
            }
            return connect();
        } finally {
            connecting.unlock();
        }
    }

    private Cluster connect() throws ProviderFault {
        int tries = Math.max(1, settings.credentials().size());
        for (int i = 0; ; i++) {
            int credential = settings.credentials().isEmpty() ? -1 : preferred;
            try {
                CqlSession session = sessions.open(credential);
                Cluster made = new Cluster(session, new Tables(settings.keyspace()), credential);
                cluster = made;
                failed = null;
                LOG.info("provider {} is connected{}", name, credential < 0 ? "" : " as " + login().name());
                Durability.check(name, made);
                return made;
            } catch (ProviderFault e) {
                if (e.kind() == FaultKind.UNAUTHORIZED) {
                    preferred = other(credential);
                    if (i + 1 < tries) {
                        LOG.warn(
                                "provider {} does not let us in as {}, the other credentials are tried",
                                name,
                                settings.credentials().get(credential));
                        continue;
                    }
                }
                failed = e;
                failedAt = time.nanos();
                throw e;
            }
        }
    }

    boolean closed() {
        return closed;
    }

    void close() {
        closed = true;
        connecting.lock();
        try {
            Cluster now = cluster;
            cluster = null;
            if (now != null) {
                now.close();
            }
        } finally {
            connecting.unlock();
        }
    }
}
