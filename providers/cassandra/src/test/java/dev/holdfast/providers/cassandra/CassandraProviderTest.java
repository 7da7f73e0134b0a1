package dev.holdfast.providers.cassandra;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.FailureDomain;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderConformance;
import dev.holdfast.engine.time.SystemTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class CassandraProviderTest extends ProviderConformance {
    private static final String KEYSPACE = "kit";
    private static Daemon daemon;
    private static Operator operator;

    @BeforeAll
    static void start() throws Exception {
        daemon = Daemon.shared();
        operator = new Operator(daemon);
    }

    @AfterAll
    static void stop() {
        if (operator != null) {
            operator.close();
        }
    }

    private static Provider openHere() {
        return CassandraProvider.open(
                "c",
                daemon.settings(KEYSPACE, Duration.ofSeconds(5), List.of(Daemon.ADMIN)),
                new FailureDomain("us", "here", "cassandra"),
                new SystemTime());
    }

    @Override
    protected Provider open() {
        operator.forgetPlace(KEYSPACE);
        return openHere();
    }

    @Override
    protected Provider reopen() {
        provider.close();
        return openHere();
    }

    @Override
    protected void wipe() {
        operator.dropKeyspace(KEYSPACE);
    }

    @Override
    protected void damage(NamespaceId namespace, Key key) {
        operator.alter(KEYSPACE, namespace, key, "head", bytes -> {
            bytes[bytes.length - 1] ^= 1;
            return bytes;
        });
    }
}
