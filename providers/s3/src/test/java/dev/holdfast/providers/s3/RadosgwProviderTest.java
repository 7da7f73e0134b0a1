package dev.holdfast.providers.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.Lookup;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.time.SystemTime;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kit on Ceph's gateway, which takes its time: run with {@code -Dengines=required} alone. */
class RadosgwProviderTest extends S3Conformance {
    @TempDir
    static Path temp;

    private static Radosgw server;
    private static Owner owner;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue("required".equals(System.getProperty("engines")), "run with -Dengines=required");
        assertThat(Radosgw.installed()).as("radosgw is installed").isTrue();
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

    @Override
    protected int randomRuns() {
        return 1;
    }

    @Test
    void a_quota_that_is_used_up_is_a_full_disk() throws Exception {
        server.addUserWithQuota("small", 12);
        String bucket = Server.freshBucket();
        S3Settings usual = server.settings(bucket, "");
        try (Owner small = new Owner(server.endpoint(), "small");
                Provider place = S3Provider.open(
                        "small",
                        S3Settings.of(
                                usual.endpoint(),
                                usual.region(),
                                bucket,
                                "",
                                List.of(new S3Credential("small", () -> Server.SECRET))),
                        DOMAIN,
                        new SystemTime())) {
            small.makeBucket(bucket);
            place.initialise(IDENTITY);
            int stored = 0;
            ProviderFault fault = null;
            while (fault == null) {
                assertThat(stored).isLessThan(20);
                try {
                    place.putIfNewer(NS, key("k" + stored), record(1, "v"));
                    stored++;
                } catch (ProviderFault e) {
                    fault = e;
                }
            }
            assertThat(fault.kind()).as(fault.getMessage()).isEqualTo(FaultKind.DISK_FULL);
            assertThat(place.get(NS, key("k0"))).isInstanceOf(Lookup.Present.class);
        }
    }
}
