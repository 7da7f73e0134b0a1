package dev.holdfast.server.main;

import dev.holdfast.engine.edge.DiskLevel;
import dev.holdfast.engine.edge.EdgeConfig;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.replication.Rules;
import dev.holdfast.engine.time.Time;
import dev.holdfast.providers.rocksdb.RocksLocalStore;
import dev.holdfast.providers.rocksdb.RocksSettings;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of the near cache that survives a restart. It is worth less than a start: one that cannot be opened is begun anew.
 *
 * @param local where it lies; null, as is the level, when the configuration gives it no room
 * @param level what was read and written lately
 */
record CacheDisk(@Nullable LocalStore local, @Nullable DiskLevel level) {
    private static final Logger LOG = LoggerFactory.getLogger(CacheDisk.class);

    static CacheDisk open(Path folder, EdgeConfig cache, Time time, Opened opened, Rules rules) throws StartFailed {
        if (cache.diskBytes() == 0) {
            return new CacheDisk(null, null);
        }
        try {
            Optional<RocksLocalStore> known = known(folder, time);
            LocalStore local = opened.add(
                    known.isPresent()
                            ? known.get()
                            : RocksLocalStore.create(folder, Providers.HERE, RocksSettings.CACHE, time));
            return new CacheDisk(local, opened.add(new DiskLevel(time, local, cache.diskBytes(), rules)));
        } catch (LocalStoreFault e) {
            throw new StartFailed("The cache in " + folder + " cannot be opened: " + e.getMessage() + ".", e);
        }
    }

    private static Optional<RocksLocalStore> known(Path folder, Time time) {
        try {
            return RocksLocalStore.open(folder, Providers.HERE, RocksSettings.CACHE, time);
        } catch (LocalStoreFault e) {
            LOG.warn("The cache in {} is begun anew: {}", folder, e.getMessage());
            return Optional.empty();
        }
    }
}
