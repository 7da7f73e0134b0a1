package dev.holdfast.integration.moving;

import dev.holdfast.cli.drill.Traffic;
import dev.holdfast.integration.harness.Profile;
import dev.holdfast.providers.cassandra.Daemon;
import dev.holdfast.providers.postgres.PostgresServer;
import dev.holdfast.providers.s3.Owner;
import dev.holdfast.providers.s3.Radosgw;
import dev.holdfast.providers.s3.S3Proxy;
import dev.holdfast.providers.s3.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From PostgreSQL and RocksDB to S3 and Cassandra, with PostgreSQL killed before the move is half over. */
class EnginesMigrationTest {
    /** A gateway over files goes through all of a folder for each look at a key; for many a store of objects is needed. */
    private static final boolean STORE = Radosgw.installed();

    private static final int KEYS = Profile.number("migration.engines.keys", STORE ? 10_000 : 2_000, 1_000_000);
    /** More objects than there is memory for in a test. */
    private static final boolean MANY = KEYS > 200_000;

    private static final Traffic TRAFFIC =
            Traffic.DEFAULT.withConnections(2).withKeys(KEYS).withReadShare(0.9);
    private static final String BUCKET = "holdfast";

    @TempDir
    private Path directory;

    private Path credentials(String name, String user, String secret) throws IOException {
        Path file = Files.writeString(directory.resolve(name), user + " " + secret + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private String before(PostgresServer postgres) throws IOException {
        return """
            providers:
              rocks:
                failure-domain: here/room/disk
              pg:
                kind: postgres
                servers: 127.0.0.1:%d
                database: %s
                credentials: %s
                tls: off
            """.formatted(
                        postgres.port(),
                        PostgresServer.DATABASE,
                        credentials("pg-login", PostgresServer.SUPERUSER, PostgresServer.PASSWORD));
    }

    private String after(Server s3, Daemon cassandra) throws IOException {
        return """
              s3:
                kind: s3
                endpoint: %s
                bucket: %s
                credentials: %s
              cassandra:
                kind: cassandra
                servers: 127.0.0.1:%d
                credentials: %s
            """.formatted(
                        s3.endpoint(),
                        BUCKET,
                        credentials("s3-login", Server.ACCESS_KEY, Server.SECRET),
                        cassandra.address().getPort(),
                        credentials("cassandra-login", Daemon.ADMIN.user(), Daemon.ADMIN.password()));
    }

    private Server s3() throws Exception {
        if (!STORE) {
            return S3Proxy.start(directory.resolve("s3proxy"));
        }
        Path ceph = directory.resolve("ceph");
        return MANY ? Radosgw.startOnDisk(ceph) : Radosgw.start(ceph);
    }

    @Test
    void aStoreMovesToOtherEnginesThoughOneOfTheOldOnesIsGoneOnTheWay() throws Exception {
        try (PostgresServer postgres = PostgresServer.create();
                Daemon cassandra = new Daemon(directory.resolve("cassandra"), "");
                Server s3 = s3();
                Moved moved =
                        new Moved(directory, before(postgres), List.of("pg", "rocks"), List.of("s3", "cassandra"))) {
            try (Owner owner = new Owner(s3.endpoint())) {
                owner.makeBucket(BUCKET);
            }
            moved.fill(TRAFFIC);
            moved.configure(before(postgres) + after(s3, cassandra));
            moved.killAfter("add", "s3");
            moved.killAfter("add", "cassandra");
            moved.killAfter("backfill", "s3");
            postgres.kill();
            moved.killAfter("backfill", "cassandra");
            moved.killAfter("demote", "pg");
            moved.endsWell("postgres and rocksdb to s3 and cassandra");
        }
    }
}
