package dev.holdfast.integration.engines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.client.Holdfast;
import dev.holdfast.providers.cassandra.Daemon;
import dev.holdfast.providers.postgres.PostgresServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two origins over PostgreSQL and Cassandra. */
class PostgresAndCassandraTest {
    private static final long CALM_MILLIS = 1_000;
    private static final long AWAY_MILLIS = 3_000;

    @TempDir
    private Path directory;

    @Test
    void cassandraDiesAndOneOriginAfterItAndNothingIsLost() throws Exception {
        try (PostgresServer postgres = PostgresServer.create();
                Daemon cassandra = new Daemon(directory.resolve("cassandra"), "");
                Store store = new Store(
                        directory,
                        Configured.postgres(postgres, directory) + Configured.cassandra(cassandra, directory));
                Holdfast client = Store.client(store.one, store.two)) {
            ClientLoad load = new ClientLoad(client.namespace(Store.NAMESPACE), "killed");
            load.start();
            Thread.sleep(CALM_MILLIS);
            cassandra.kill();
            store.awaitNotCurrent("cassandra");
            assertThat(client.namespace(Store.NAMESPACE).put("meanwhile", "v").hinted())
                    .containsExactly("cassandra");
            Thread.sleep(AWAY_MILLIS);
            store.one.kill();
            Thread.sleep(CALM_MILLIS);
            cassandra.start();
            store.one.start();
            store.awaitWhole();
            load.stop();
            store.awaitWhole();
            store.judge("Cassandra killed, then an origin", load);
            store.comparesEqual();
        }
    }
}
