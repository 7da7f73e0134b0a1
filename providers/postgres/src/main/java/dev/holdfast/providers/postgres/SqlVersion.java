package dev.holdfast.providers.postgres;

import dev.holdfast.engine.kv.Version;

/**
 * A version as a {@code bigint}: its bits with the highest one inverted, so that PostgreSQL, whose integers are signed, orders
 * versions as unsigned.
 */
final class SqlVersion {
    private SqlVersion() {}

    static long of(Version version) {
        return version.bits() ^ Long.MIN_VALUE;
    }

    static Version parse(long sql) {
        return new Version(sql ^ Long.MIN_VALUE);
    }
}
