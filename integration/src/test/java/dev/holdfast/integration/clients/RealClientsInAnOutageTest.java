package dev.holdfast.integration.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** A provider stops answering while a client works: no call fails or changes its answer, and afterwards nothing is missing there. */
class RealClientsInAnOutageTest {
    private static final String PROVIDER = "b";
    private static final Duration TO_CATCH_UP = Duration.ofSeconds(30);

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
        return withoutProvider(RealClientsTest.WRANGLER);
    }

    @TestFactory
    List<DynamicTest> sdk() throws IOException {
        return withoutProvider(RealClientsTest.SDK);
    }

    @TestFactory
    List<DynamicTest> workerd() throws IOException {
        return withoutProvider(RealClientsTest.WORKERD);
    }

    @TestFactory
    List<DynamicTest> miniflare() throws IOException {
        return withoutProvider(RealClientsTest.MINIFLARE);
    }

    @TestFactory
    List<DynamicTest> unstorage() throws IOException {
        return withoutProvider(RealClientsTest.UNSTORAGE);
    }

    private static List<DynamicTest> withoutProvider(ClientScript script) throws IOException {
        List<DynamicTest> tests = new ArrayList<>(script.run(server, folder, () -> server.blackhole(PROVIDER)));
        long missed = server.provider(PROVIDER).path("hints").asLong();
        server.heal(PROVIDER);
        tests.add(DynamicTest.dynamicTest(
                "the provider had missed writes", () -> assertThat(missed).isPositive()));
        tests.add(DynamicTest.dynamicTest(
                "the provider catches up",
                () -> server.await("b current", TO_CATCH_UP, () -> {
                    var now = server.provider(PROVIDER);
                    return now.path("state").asString().equals("current")
                            && now.path("hints").asLong() == 0;
                })));
        tests.add(DynamicTest.dynamicTest("both providers hold the same of every key", () -> {
            for (String namespace : server.namespaces()) {
                assertThat(server.rows("a", namespace)).isEqualTo(server.rows("b", namespace));
            }
        }));
        return tests;
    }
}
