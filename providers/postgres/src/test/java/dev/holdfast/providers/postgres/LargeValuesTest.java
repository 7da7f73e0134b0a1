package dev.holdfast.providers.postgres;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.FailureDomain;
import dev.holdfast.engine.provider.MemoryProvider;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderConformance;
import dev.holdfast.engine.provider.large.LargeValues;
import dev.holdfast.engine.time.SystemTime;
import java.time.Duration;
import java.util.HexFormat;

/** The kit with heads here and large values elsewhere. */
class LargeValuesTest extends ProviderConformance {
    private static final int OVER = 64;

    private final String schema = PostgresServer.freshSchema();
    private final MemoryProvider blobs = new MemoryProvider("b", new FailureDomain("memory", "here", "b")) {
        @Override
        public synchronized void close() {
            // What it holds outlives the provider, as in an engine.
        }
    };
    private PostgresServer server;

    private Provider openHere() {
        return new LargeValues(
                PostgresProvider.open("p", server.settings(schema), PostgresProviderTest.DOMAIN, new SystemTime()),
                blobs,
                OVER,
                Duration.ofHours(1),
                new SystemTime());
    }

    @Override
    protected Provider open() throws Exception {
        server = PostgresServer.shared();
        return openHere();
    }

    @Override
    protected Provider reopen() {
        provider.close();
        return openHere();
    }

    @Override
    protected void wipe() throws Exception {
        server.sql(PostgresServer.DATABASE, "DROP SCHEMA IF EXISTS " + schema + " CASCADE");
        blobs.wipe();
    }

    @Override
    protected void damage(NamespaceId namespace, Key key) throws Exception {
        server.sql(
                PostgresServer.DATABASE,
                "UPDATE " + schema + ".records SET record = set_byte(record, octet_length(record) - 1,"
                        + " get_byte(record, octet_length(record) - 1) # 1) WHERE namespace = '\\x" + namespace
                        + "' AND key = '\\x" + HexFormat.of().formatHex(key.bytes()) + "'");
    }
}
