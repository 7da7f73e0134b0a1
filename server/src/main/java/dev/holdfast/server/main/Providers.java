package dev.holdfast.server.main;

import dev.holdfast.engine.provider.FaultyProvider;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.time.Time;
import dev.holdfast.providers.rocksdb.RocksProvider;
import dev.holdfast.providers.rocksdb.RocksSettings;
import dev.holdfast.server.admin.Node.Home;
import dev.holdfast.server.config.ProviderConfig;
import java.util.Optional;

/** Which class stands behind a kind of provider in the configuration. */
final class Providers {
    /** The place where this node stands, for failure domains that are found from disks. */
    static final String HERE = "this-host";

    private Providers() {}

    /** Opens a provider. One whose place is missing or broken opens all the same, and says so to the store. */
    static Home open(ProviderConfig config, boolean drills, Time time) throws StartFailed {
        Provider itself = switch (config.kind()) {
            case ROCKSDB -> rocks(config, time);
        };
        return new Home(itself, drills ? Optional.of(new FaultyProvider(itself, time)) : Optional.empty());
    }

    private static Provider rocks(ProviderConfig config, Time time) throws StartFailed {
        RocksSettings settings = new RocksSettings(
                config.cache().bytes(), RocksSettings.DEFAULT.reserveBytes(), RocksSettings.DEFAULT.sync());
        var location = new RocksProvider.Location(config.name(), HERE, config.directory(), settings);
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
