package dev.holdfast.integration.engines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.client.Freshness;
import dev.holdfast.client.Holdfast;
import dev.holdfast.client.Namespace;
import dev.holdfast.client.ReadMode;
import dev.holdfast.client.Receipt;
import dev.holdfast.integration.harness.Awaiting;
import dev.holdfast.integration.harness.HoldfastServer;
import dev.holdfast.providers.postgres.PostgresServer;
import dev.holdfast.providers.s3.Owner;
import dev.holdfast.providers.s3.S3Proxy;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two origins over one PostgreSQL and one S3, and clients that know both. */
class TwoOriginsTest {
    private static final long CALM_MILLIS = 1_000;
    private static final long AWAY_MILLIS = 2_500;

    @TempDir
    private static Path directory;

    private static PostgresServer postgres;
    private static S3Proxy s3;
    private static Store store;

    @BeforeAll
    static void start() throws Exception {
        postgres = PostgresServer.create();
        s3 = S3Proxy.start(directory.resolve("s3proxy"));
        try (Owner owner = new Owner(s3.endpoint())) {
            owner.makeBucket("holdfast");
        }
        store = new Store(
                directory, Configured.postgres(postgres, directory) + Configured.s3(s3, "holdfast", directory));
    }

    @AfterAll
    static void stop() {
        if (store != null) {
            store.close();
        }
        if (s3 != null) {
            s3.close();
        }
        if (postgres != null) {
            postgres.close();
        }
    }

    @BeforeEach
    void whole() throws Exception {
        store.awaitWhole();
    }

    @Test
    void whatIsWrittenAtOneIsReadAtTheOtherByWhoWroteIt() throws Exception {
        try (Holdfast one = Store.client(store.one);
                Holdfast two = Store.client(store.two)) {
            Namespace here = one.namespace(Store.NAMESPACE);
            Namespace there = two.namespace(Store.NAMESPACE);
            Receipt receipt = here.put("k", "0");
            assertThat(receipt.homes()).containsExactlyInAnyOrder("pg", "s3");
            assertThat(receipt.domains()).isEqualTo(2);
            for (int i = 1; i <= 50; i++) {
                (i % 2 == 0 ? here : there).put("k", "" + i);
                assertThat((i % 2 == 0 ? there : here)
                                .get("k", ReadMode.CONFIRMED)
                                .text())
                        .hasValue("" + i);
            }
            here.delete("k");
            assertThat(there.get("k", ReadMode.CONFIRMED).present()).isFalse();
        }
    }

    @Test
    void whenOneIsKilledItsClientsGoOnAtTheOther() throws Exception {
        try (Holdfast client = Store.client(store.one, store.two)) {
            ClientLoad load = new ClientLoad(client.namespace(Store.NAMESPACE), "killed");
            load.start();
            Thread.sleep(CALM_MILLIS);
            store.one.kill();
            Thread.sleep(AWAY_MILLIS);
            store.one.start();
            Thread.sleep(CALM_MILLIS);
            load.stop();
            store.awaitWhole();
            store.judge("an origin killed", load);
            store.comparesEqual();
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    @Test
    void whilePostgresHangsReadsAndWritesGoOn() throws Exception {
        whileAway("pg", "PostgreSQL suspended", postgres::freeze, postgres::thaw);
    }

    @Test
    void whilePostgresIsDeadReadsAndWritesGoOnAndAnOriginStarts() throws Exception {
        whileAway("pg", "PostgreSQL killed", postgres::kill, () -> {
            store.two.kill();
            store.two.start();
            postgres.start();
        });
    }

    @Test
    void whileS3HangsReadsAndWritesGoOn() throws Exception {
        whileAway("s3", "S3 suspended", () -> s3.signal("STOP"), () -> s3.signal("CONT"));
    }

    @Test
    void whileS3IsDeadReadsAndWritesGoOn() throws Exception {
        whileAway("s3", "S3 killed", s3::kill, s3::start);
    }

    private void whileAway(String provider, String what, Step leave, Step back) throws Exception {
        try (Holdfast client = Store.client(store.one, store.two)) {
            ClientLoad load = new ClientLoad(client.namespace(Store.NAMESPACE), what);
            load.start();
            Thread.sleep(CALM_MILLIS);
            leave.run();
            try {
                store.awaitNotCurrent(provider);
                assertThat(client.namespace(Store.NAMESPACE)
                                .put("meanwhile", "v")
                                .hinted())
                        .containsExactly(provider);
                Thread.sleep(AWAY_MILLIS);
            } finally {
                back.run();
            }
            store.awaitWhole();
            load.stop();
            store.awaitWhole();
            store.judge(what, load);
            store.comparesEqual();
        }
    }

    @Test
    void anEdgeBeforeBothGoesOnWithTheOneThatIsLeft() throws Exception {
        try (HoldfastServer edge = new HoldfastServer(directory.resolve("edge")).asEdgeOf(store.one, store.two)) {
            edge.start();
            try (Holdfast client = Store.client(edge)) {
                Namespace at = client.namespace(Store.NAMESPACE);
                at.put("k", "before");
                store.one.kill();
                try {
                    Awaiting.until(Store.WITHIN, "a write through the edge", () -> attempt(at), Boolean::booleanValue);
                    assertThat(at.get("k").text()).hasValue("after");
                    assertThat(at.get("k", ReadMode.CONFIRMED).freshness())
                            .extracting(Freshness::confirmed)
                            .isEqualTo(true);
                } finally {
                    store.one.start();
                }
                try (Holdfast direct = Store.client(store.one)) {
                    assertThat(direct.namespace(Store.NAMESPACE)
                                    .get("k", ReadMode.CONFIRMED)
                                    .text())
                            .hasValue("after");
                }
            }
        }
    }

    private static boolean attempt(Namespace at) {
        try {
            at.put("k", "after");
            return true;
        } catch (dev.holdfast.client.HoldfastException notYet) {
            return false;
        }
    }
}
