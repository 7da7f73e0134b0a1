package dev.holdfast.providers.postgres;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.FailureDomain;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderConformance;
import dev.holdfast.engine.time.SystemTime;
import java.util.HexFormat;

class PostgresProviderTest extends ProviderConformance {
    static final FailureDomain DOMAIN = new FailureDomain("us", "here", "cluster");

    private final String schema = PostgresServer.freshSchema();
    private PostgresServer server;

    private Provider openHere() {
        return PostgresProvider.open("p", server.settings(schema), DOMAIN, new SystemTime());
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
