package dev.holdfast.server.main;

import dev.holdfast.engine.edge.DiskLevel;
import dev.holdfast.engine.edge.EdgeConfig;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.LocalStore.Batch;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.LocalStore.Table;
import dev.holdfast.engine.replication.Rules;
import dev.holdfast.engine.time.Time;
import dev.holdfast.providers.rocksdb.RocksLocalStore;
import dev.holdfast.providers.rocksdb.RocksSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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

    private static final byte[] JURISDICTION = "jurisdiction".getBytes(StandardCharsets.UTF_8);
    /** Longer than any key of these tables, and after all of them. */
    private static final byte[] END = new byte[1024];

    static {
        Arrays.fill(END, (byte) 0xff);
    }

    /** @param jurisdiction of this node, empty for none: what was kept while it had another one may not lie here */
    static CacheDisk open(Path folder, EdgeConfig cache, Time time, Opened opened, Rules rules, String jurisdiction)
            throws StartFailed {
        if (cache.diskBytes() == 0) {
            return new CacheDisk(null, null);
        }
        try {
            Optional<RocksLocalStore> known = known(folder, time);
            LocalStore local = opened.add(
                    known.isPresent()
                            ? known.get()
                            : RocksLocalStore.create(folder, Providers.HERE, RocksSettings.CACHE, time));
            begunIn(local, jurisdiction);
            return new CacheDisk(local, opened.add(new DiskLevel(time, local, cache.diskBytes(), rules)));
        } catch (LocalStoreFault e) {
            throw new StartFailed("The cache in " + folder + " cannot be opened: " + e.getMessage() + ".", e);
        }
    }

    private static void begunIn(LocalStore local, String jurisdiction) throws LocalStoreFault {
        byte[] now = jurisdiction.getBytes(StandardCharsets.UTF_8);
        byte[] before = local.get(Table.NODE, JURISDICTION);
        if (!Arrays.equals(now, before == null ? new byte[0] : before)) {
            for (Table table : List.of(Table.CACHE, Table.CACHE_ORDER, Table.PINNED)) {
                local.deleteRange(table, new byte[0], END);
            }
            local.commit(new Batch().put(Table.NODE, JURISDICTION, now));
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
