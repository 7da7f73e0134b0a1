package dev.holdfast.server.main;

import dev.holdfast.engine.provider.FailureDomain;
import dev.holdfast.engine.provider.FaultyProvider;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.large.LargeValues;
import dev.holdfast.engine.time.Time;
import dev.holdfast.providers.rocksdb.RocksProvider;
import dev.holdfast.providers.rocksdb.RocksSettings;
import dev.holdfast.server.admin.Homes.Home;
import dev.holdfast.server.config.EngineConfig;
import dev.holdfast.server.config.ProviderConfig;
import java.time.Duration;
import java.util.Optional;

/** Which class stands behind a kind of provider in the configuration. */
final class Providers {
    /** The place where this node stands, for failure domains that are found from disks. */
    static final String HERE = "this-host";

    /** For a provider over a network of which the configuration does not say who runs it where. */
    private static final String UNNAMED = "unnamed";

    /** How long a large value that no head refers to stays: longer than any write takes. */
    private static final Duration UNREFERRED = Duration.ofHours(1);

    private Providers() {}

    /** Opens a provider. One whose place is missing, broken or away opens all the same, and says so to the store. */
    static Home open(ProviderConfig config, boolean drills, Time time) throws StartFailed {
        Provider itself;
        try {
            itself = engine(config.name(), config, config.engine(), time);
        } catch (IllegalArgumentException e) {
            throw new StartFailed("Provider " + config.name() + ": " + e.getMessage() + ".", e);
        }
        return new Home(itself, drills ? Optional.of(new FaultyProvider(itself, time)) : Optional.empty());
    }

    private static Provider engine(String name, ProviderConfig config, EngineConfig engine, Time time)
            throws StartFailed {
        return switch (engine) {
            case EngineConfig.Rocks rocks -> rocks(name, config, rocks, time);
            case EngineConfig.Postgres postgres -> RemoteEngines.postgres(name, postgres, domain(config), time);
            case EngineConfig.S3 s3 -> RemoteEngines.s3(name, s3, domain(config), time);
            case EngineConfig.Cassandra cassandra -> RemoteEngines.cassandra(name, cassandra, domain(config), time);
            case EngineConfig.Split split -> split(config, split, time);
        };
    }

    private static Provider split(ProviderConfig config, EngineConfig.Split split, Time time) throws StartFailed {
        Provider heads = engine(config.name(), config, split.heads(), time);
        try {
            Provider blobs = engine(config.name() + "-" + split.to(), config, split.blobs(), time);
            return new LargeValues(heads, blobs, (int) split.over().bytes(), UNREFERRED, time);
        } catch (StartFailed | IllegalArgumentException e) {
            heads.close();
            throw e;
        }
    }

    private static FailureDomain domain(ProviderConfig config) {
        return config.domain()
                .orElse(new FailureDomain(UNNAMED, UNNAMED, config.engine().device()));
    }

    private static Provider rocks(String name, ProviderConfig config, EngineConfig.Rocks rocks, Time time)
            throws StartFailed {
        RocksSettings settings = new RocksSettings(
                rocks.cache().bytes(), RocksSettings.DEFAULT.reserveBytes(), RocksSettings.DEFAULT.sync());
        var location = new RocksProvider.Location(name, HERE, rocks.directory(), settings);
        try {
            return config.domain().isPresent()
                    ? RocksProvider.open(location, config.domain().get(), time)
                    : RocksProvider.open(location, time);
        } catch (ProviderFault e) {
            throw new StartFailed("Provider " + config.name() + ": " + e.getMessage() + ".", e);
        }
    }

    /** What the store is given. */
    static Provider seen(Home home) {
        return home.faulty().<Provider>map(faulty -> faulty).orElse(home.itself());
    }
}
