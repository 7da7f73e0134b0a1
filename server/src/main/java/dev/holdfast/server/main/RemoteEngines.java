package dev.holdfast.server.main;

import dev.holdfast.engine.provider.FailureDomain;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.time.Time;
import dev.holdfast.providers.cassandra.CassandraProvider;
import dev.holdfast.providers.cassandra.CassandraSettings;
import dev.holdfast.providers.postgres.PostgresProvider;
import dev.holdfast.providers.postgres.PostgresSettings;
import dev.holdfast.providers.s3.S3Credential;
import dev.holdfast.providers.s3.S3Provider;
import dev.holdfast.providers.s3.S3Settings;
import dev.holdfast.server.config.EngineConfig;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the configuration says of engines beyond this machine, in their own words. None is connected to here: one that is away opens, too. */
final class RemoteEngines {
    private RemoteEngines() {}

    /** @throws IllegalArgumentException with a sentence for people, as the others do */
    static Provider postgres(String name, EngineConfig.Postgres config, FailureDomain domain, Time time)
            throws StartFailed {
        CredentialsFile file = new CredentialsFile(name, config.credentials(), time);
        List<PostgresSettings.Credential> credentials = new ArrayList<>();
        for (int i = 0; i < file.names().size(); i++) {
            credentials.add(
                    new PostgresSettings.Credential(file.names().get(i), file.hasSecret(i) ? file.secret(i) : null));
        }
        boolean verified = config.tls().equals(Optional.of(EngineConfig.Tls.VERIFY));
        PostgresSettings.Tls.Mode mode = verified
                ? PostgresSettings.Tls.Mode.VERIFY_FULL
                : config.tls().isPresent() ? PostgresSettings.Tls.Mode.DISABLE : PostgresSettings.Tls.Mode.PREFER;
        return PostgresProvider.open(
                name,
                new PostgresSettings(
                        config.servers().stream()
                                .map(each -> new PostgresSettings.Host(each.host(), each.port()))
                                .toList(),
                        config.database(),
                        config.schema(),
                        credentials,
                        config.connections().orElse(PostgresSettings.DEFAULT_CONNECTIONS),
                        PostgresSettings.Timeouts.DEFAULT,
                        new PostgresSettings.Tls(mode, config.trusted().orElse(null)),
                        config.acceptLoss()),
                domain,
                time);
    }

    static Provider s3(String name, EngineConfig.S3 config, FailureDomain domain, Time time) throws StartFailed {
        CredentialsFile file = new CredentialsFile(name, config.credentials(), time);
        List<S3Credential> credentials = new ArrayList<>();
        for (int i = 0; i < file.names().size(); i++) {
            credentials.add(new S3Credential(file.names().get(i), file.secret(i)));
        }
        return S3Provider.open(
                name,
                new S3Settings(
                        config.endpoint().orElse(null),
                        config.region(),
                        config.bucket(),
                        config.prefix(),
                        config.pathStyle().orElse(config.endpoint().isPresent()),
                        credentials,
                        S3Settings.CALL_TIMEOUT,
                        S3Settings.CONNECT_TIMEOUT,
                        config.connections().orElse(S3Settings.CONNECTIONS),
                        S3Settings.GRACE),
                domain,
                time);
    }

    static Provider cassandra(String name, EngineConfig.Cassandra config, FailureDomain domain, Time time)
            throws StartFailed {
        List<CassandraSettings.Credentials> credentials = new ArrayList<>();
        if (config.credentials().isPresent()) {
            CredentialsFile file =
                    new CredentialsFile(name, config.credentials().get(), time);
            for (int i = 0; i < file.names().size(); i++) {
                credentials.add(new CassandraSettings.Credentials(file.names().get(i), file.secret(i)));
            }
        }
        CassandraSettings usual = CassandraSettings.DEFAULT;
        boolean encrypted = config.tls().equals(Optional.of(EngineConfig.Tls.VERIFY));
        return CassandraProvider.open(
                name,
                new CassandraSettings(
                        config.servers().stream()
                                .map(each -> InetSocketAddress.createUnresolved(each.host(), each.port()))
                                .toList(),
                        config.datacenter(),
                        config.keyspace(),
                        config.replicas(),
                        switch (config.consistency()) {
                            case LOCAL -> CassandraSettings.Consistency.LOCAL;
                            case GLOBAL -> CassandraSettings.Consistency.GLOBAL;
                        },
                        credentials,
                        encrypted ? new CassandraSettings.Tls(config.trusted().orElse(null)) : null,
                        usual.connectTimeout(),
                        usual.requestTimeout(),
                        config.bucketBytes()),
                domain,
                time);
    }
}
