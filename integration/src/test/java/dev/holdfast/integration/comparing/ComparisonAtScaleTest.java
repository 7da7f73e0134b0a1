package dev.holdfast.integration.comparing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.provider.FailureDomain;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.time.SystemTime;
import dev.holdfast.integration.comparing.Pair.Came;
import dev.holdfast.integration.harness.Profile;
import dev.holdfast.providers.postgres.PostgresProvider;
import dev.holdfast.providers.postgres.PostgresServer;
import dev.holdfast.providers.rocksdb.RocksProvider;
import dev.holdfast.providers.rocksdb.RocksSettings;
import dev.holdfast.providers.s3.Owner;
import dev.holdfast.providers.s3.Radosgw;
import dev.holdfast.providers.s3.S3Provider;
import dev.holdfast.providers.s3.S3Proxy;
import dev.holdfast.providers.s3.Server;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One key that differs among many is found and repaired; what that costs is printed, at a tenth of the keys and at all of them. */
class ComparisonAtScaleTest {
    private static final int ROCKSDB_KEYS = Profile.number("compare.rocksdb.keys", 20_000, 10_000_000);
    private static final int POSTGRES_KEYS = Profile.number("compare.postgres.keys", 20_000, 1_000_000);
    private static final int S3_KEYS = Profile.number("compare.s3.keys", 2_000, 100_000);
    private static final String BUCKET = "holdfast";

    @TempDir
    private Path directory;

    private Provider rocksdb(String name) throws Exception {
        return RocksProvider.open(
                new RocksProvider.Location(name, "", directory.resolve(name), RocksSettings.DEFAULT),
                new FailureDomain("here", "here", name),
                new SystemTime());
    }

    private void found(String engines, int keys, Provider one, Provider other) throws Exception {
        try (Pair pair = new Pair(directory.resolve("node"), one, other)) {
            for (int wanted : new int[] {keys / 10, keys}) {
                pair.growTo(wanted);
                assertThat(pair.middleIsEqual()).isFalse();
                Came came = pair.compare();
                print(engines, came);
                assertThat(pair.middleIsEqual()).isTrue();
                assertThat(came.pass().complete()).isTrue();
                assertThat(came.pass().compared()).isEqualTo(wanted);
                assertThat(came.pass().divergent()).isEqualTo(1);
                assertThat(came.pass().repaired()).isEqualTo(1);
                Came again = pair.compare();
                print(engines + ", all equal", again);
                assertThat(again.pass().divergent()).isZero();
            }
        }
    }

    private static void print(String engines, Came came) {
        System.out.printf(
                "| %s | %,d keys | %d found | %d repaired | %,d requests | %,d bytes of rows and digests | %,d bytes"
                        + " read | %,d ms |%n",
                engines,
                came.pass().compared(),
                came.pass().divergent(),
                came.pass().repaired(),
                came.pass().requests(),
                came.pass().bytesRead(),
                came.read(),
                came.millis());
    }

    @Test
    void oneKeyThatDiffersBetweenTwoRocksdbIsFoundAndRepaired() throws Exception {
        found("rocksdb-rocksdb", ROCKSDB_KEYS, rocksdb("a"), rocksdb("b"));
    }

    @Test
    void oneKeyThatDiffersBetweenRocksdbAndPostgresqlIsFoundAndRepaired() throws Exception {
        try (PostgresServer server = PostgresServer.create()) {
            Provider postgres = PostgresProvider.open(
                    "b", server.settings("holdfast"), new FailureDomain("here", "here", "b"), new SystemTime());
            found("rocksdb-postgresql", POSTGRES_KEYS, rocksdb("a"), postgres);
        }
    }

    @Test
    void oneKeyThatDiffersBetweenRocksdbAndS3IsFoundAndRepaired() throws Exception {
        // A gateway over files lists all of a folder for each page; a store of objects does not.
        boolean store = Profile.LONG && Radosgw.installed();
        try (Server server =
                store ? Radosgw.start(directory.resolve("ceph")) : S3Proxy.start(directory.resolve("s3proxy"))) {
            try (Owner owner = new Owner(server.endpoint())) {
                owner.makeBucket(BUCKET);
            }
            Provider s3 = S3Provider.open(
                    "b", server.settings(BUCKET, ""), new FailureDomain("here", "here", "b"), new SystemTime());
            found("rocksdb-s3", S3_KEYS, rocksdb("a"), s3);
        }
    }
}
