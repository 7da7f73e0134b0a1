package dev.holdfast.providers.s3;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class S3ProviderTest extends S3Conformance {
    @TempDir
    static Path temp;

    private static S3Proxy server;
    private static Owner owner;

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
    Server server() {
        return server;
    }

    @Override
    Owner owner() {
        return owner;
    }
}
