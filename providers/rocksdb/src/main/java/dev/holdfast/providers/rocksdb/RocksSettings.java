package dev.holdfast.providers.rocksdb;

/**
 * How a database is kept.
 *
 * @param cacheBytes block cache in memory
 * @param reserveBytes room on the disk that puts leave free: below it they are refused as disk full before anything is
 *     written, so that deletes, compaction and the restart after it still find room; 0 for none
 * @param sync whether a commit waits for the disk. False for caches, and for
 *     the mutant that proves that the crash tests notice
 */
public record RocksSettings(long cacheBytes, long reserveBytes, boolean sync) {
    private static final long MIB = 1024 * 1024;

    /** For a provider. */
    public static final RocksSettings DEFAULT = new RocksSettings(64 * MIB, 64 * MIB, true);

    /** For the node's own state, which has to go on when the providers on the same disk already refuse. */
    public static final RocksSettings LOCAL = new RocksSettings(64 * MIB, 16 * MIB, true);

    /** For what may be lost with the machine's power, but not with the process. */
    public static final RocksSettings CACHE = new RocksSettings(16 * MIB, 64 * MIB, false);

    public RocksSettings {
        if (cacheBytes < MIB || reserveBytes < 0) {
            throw new IllegalArgumentException(
                    "a database needs a cache of 1 MiB or more and a reserve of 0 or more, not " + cacheBytes + " and "
                            + reserveBytes + " bytes");
        }
    }
}
