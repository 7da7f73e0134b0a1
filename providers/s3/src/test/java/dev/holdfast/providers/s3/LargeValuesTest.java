package dev.holdfast.providers.s3;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.provider.FailureDomain;
import dev.holdfast.engine.provider.MemoryProvider;
import dev.holdfast.engine.provider.Provider;
import dev.holdfast.engine.provider.ProviderConformance;
import dev.holdfast.engine.provider.ProviderFault;
import dev.holdfast.engine.provider.large.LargeValues;
import dev.holdfast.engine.time.SystemTime;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The kit with large values here and heads elsewhere. */
class LargeValuesTest extends ProviderConformance {
    private static final int OVER = 64;

    @TempDir
    static Path temp;

    private static S3Proxy server;
    private static Owner owner;

    private final MemoryProvider heads = new MemoryProvider("m", new FailureDomain("memory", "here", "m"));
    private String bucket = "";

    @BeforeAll
    static void start() throws Exception {
        server = S3Proxy.start(temp.resolve("s3proxy"));
        owner = new Owner(server.endpoint());
    }

    @AfterAll
    static void stop() throws Exception {
        owner.close();
        server.close();
    }

    @Override
    protected Provider open() {
        bucket = Server.freshBucket();
        owner.makeBucket(bucket);
        Provider blobs = S3Provider.open("a", server.settings(bucket, "kv"), S3Conformance.DOMAIN, new SystemTime());
        return new LargeValues(heads, blobs, OVER, Duration.ofHours(1), new SystemTime());
    }

    @Override
    protected Provider reopen() {
        return provider;
    }

    @Override
    protected void wipe() {
        heads.wipe();
        owner.empty(bucket);
    }

    @Override
    protected void damage(NamespaceId namespace, Key key) throws ProviderFault {
        heads.damage(namespace, key);
    }

    @Override
    protected int randomRuns() {
        return 2;
    }
}
