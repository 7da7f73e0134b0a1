package dev.holdfast.integration.clients;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Real, unmodified clients find in Holdfast the Workers KV that they were written for. */
class RealClientsTest {
    static final ClientScript WRANGLER = new ClientScript("wrangler", 37);
    static final ClientScript SDK = new ClientScript("sdk", 45);
    static final ClientScript WORKERD = new ClientScript("workerd", 111);
    static final ClientScript MINIFLARE = new ClientScript("miniflare", 74);
    static final ClientScript UNSTORAGE = new ClientScript("unstorage", 17);

    @TempDir
    static Path folder;

    static Server server;

    @BeforeAll
    static void start() throws IOException {
        server = Server.start(folder);
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @TestFactory
    List<DynamicTest> wrangler() throws IOException {
        return WRANGLER.run(server, folder);
    }

    @TestFactory
    List<DynamicTest> sdk() throws IOException {
        return SDK.run(server, folder);
    }

    @TestFactory
    List<DynamicTest> workerd() throws IOException {
        return WORKERD.run(server, folder);
    }

    @TestFactory
    List<DynamicTest> miniflare() throws IOException {
        return MINIFLARE.run(server, folder);
    }

    @TestFactory
    List<DynamicTest> unstorage() throws IOException {
        return UNSTORAGE.run(server, folder);
    }

    @TestFactory
    List<DynamicTest> assetHandler() throws IOException {
        return new ClientScript("assets", 4).run(server, folder);
    }

    @TestFactory
    List<DynamicTest> exampleWorker() throws IOException {
        return new ClientScript("example", 3).run(server, folder);
    }
}
