package dev.holdfast.providers.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.CqlSessionBuilder;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.ssl.ProgrammaticSslEngineFactory;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.providers.cassandra.CassandraSettings.Credentials;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Opens sessions of the driver. Speculative executions are off and statements count as not idempotent, which are the driver's
 * defaults: it repeats reads, and what surely was not done.
 */
final class Sessions {
    private final CassandraSettings settings;
    private final DriverConfigLoader config;

    Sessions(String name, CassandraSettings settings) {
        this.settings = settings;
        boolean local = settings.consistency() == CassandraSettings.Consistency.LOCAL;
        this.config = DriverConfigLoader.programmaticBuilder()
                .withString(DefaultDriverOption.SESSION_NAME, name)
                .withString(DefaultDriverOption.REQUEST_CONSISTENCY, local ? "LOCAL_QUORUM" : "QUORUM")
                .withString(DefaultDriverOption.REQUEST_SERIAL_CONSISTENCY, local ? "LOCAL_SERIAL" : "SERIAL")
                .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, settings.requestTimeout())
                .withDuration(DefaultDriverOption.CONNECTION_CONNECT_TIMEOUT, settings.connectTimeout())
                .withDuration(DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, settings.connectTimeout())
                .withDuration(DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, settings.connectTimeout())
                .withDuration(DefaultDriverOption.HEARTBEAT_INTERVAL, Duration.ofSeconds(10))
                .withDuration(DefaultDriverOption.HEARTBEAT_TIMEOUT, settings.connectTimeout())
                .withDuration(DefaultDriverOption.RECONNECTION_BASE_DELAY, Duration.ofMillis(500))
                .withDuration(DefaultDriverOption.RECONNECTION_MAX_DELAY, Duration.ofSeconds(5))
                // Two, so that small answers need not wait behind large ones.
                .withInt(DefaultDriverOption.CONNECTION_POOL_LOCAL_SIZE, 2)
                .withInt(DefaultDriverOption.NETTY_IO_SIZE, 2)
                .withInt(DefaultDriverOption.NETTY_ADMIN_SIZE, 1)
                .withBoolean(DefaultDriverOption.NETTY_DAEMON, true)
                .withInt(DefaultDriverOption.NETTY_IO_SHUTDOWN_QUIET_PERIOD, 0)
                .withInt(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_QUIET_PERIOD, 0)
                // Making a place changes the schema several times, and each time waits so long.
                .withDuration(DefaultDriverOption.METADATA_SCHEMA_WINDOW, Duration.ofMillis(50))
                .withStringList(DefaultDriverOption.METADATA_SCHEMA_REFRESHED_KEYSPACES, List.of(settings.keyspace()))
                .build();
    }

    /** @param credential which of the credentials to show; -1 for none */
    CqlSession open(int credential) throws ProviderFault {
        CqlSessionBuilder builder =
                CqlSession.builder().withConfigLoader(config).withLocalDatacenter(settings.datacenter());
        for (InetSocketAddress each : settings.contactPoints()) {
            builder.addContactPoint(new InetSocketAddress(each.getHostString(), each.getPort()));
        }
        if (credential >= 0) {
            Credentials shown = settings.credentials().get(credential);
            builder.withAuthCredentials(shown.user(), shown.password());
        }
        CassandraSettings.Tls tls = settings.tls();
        if (tls != null) {
            try {
                builder.withSslEngineFactory(
                        new ProgrammaticSslEngineFactory(Trust.context(tls.trusted()), null, true));
            } catch (IOException | GeneralSecurityException e) {
                throw new ProviderFault(
                        FaultKind.UNAVAILABLE,
                        "the certificates to trust for Cassandra cannot be used: " + e.getMessage(),
                        e);
            }
        }
        CompletionStage<CqlSession> opening = builder.buildAsync();
        try {
            return Faults.await(opening.thenApply(session -> session));
        } catch (ProviderFault e) {
            // Given up, it may still come to be; failed, the driver has closed it.
            opening.thenAccept(CqlSession::forceCloseAsync);
            throw e;
        }
    }
}
