package dev.holdfast.providers.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The kit on Ceph's gateway. Skipped where that is not installed, unless {@code -Dengines=required}. */
class RadosgwProviderTest extends S3Conformance {
    @TempDir
    static Path temp;

    private static Radosgw server;
    private static Owner owner;

    @BeforeAll
    static void start() throws Exception {
        if ("required".equals(System.getProperty("engines"))) {
            assertThat(Radosgw.installed()).as("radosgw is installed").isTrue();
        }
        assumeTrue(Radosgw.installed(), "radosgw is not installed");
        server = Radosgw.start(temp.resolve("ceph"));
        owner = new Owner(server.endpoint());
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            owner.close();
            server.close();
        }
    }

    @Override
    Server server() {
        return server;
    }

    @Override
    Owner owner() {
        return owner;
    }
}
