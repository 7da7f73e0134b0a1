package dev.holdfast.server.v1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.server.main.RunningServer;
import dev.holdfast.server.main.RunningServer.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Edges each of which has, besides the origin, the next one among its origins, and the last one the first. */
class CircleTest {
    private static final int WRITES = 20;

    @TempDir
    Path folder;

    private final List<RunningServer> edges = new ArrayList<>();
    private RunningServer origin;
    private String values;

    @BeforeEach
    void start() throws Exception {
        origin = new RunningServer(folder.resolve("origin"));
        values = "/v1/namespaces/" + origin.namespace("shop") + "/values/";
    }

    @AfterEach
    void stop() {
        edges.forEach(RunningServer::close);
        origin.close();
    }

    private void circle(int size) throws Exception {
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                addresses.add("127.0.0.1:" + free.getLocalPort());
            }
        }
        for (int i = 0; i < size; i++) {
            Path data = Files.createDirectories(folder.resolve("edge-" + i));
            Files.copy(folder.resolve("origin/cluster-key"), data.resolve("cluster-key"));
            Files.copy(folder.resolve("origin/admin-token"), data.resolve("origin-token"));
            String next = addresses.get((i + 1) % size);
            edges.add(new RunningServer(
                    data,
                    Map.of(
                            "role",
                            "edge",
                            "listen",
                            addresses.get(i),
                            "origins.urls",
                            "http://127.0.0.1:" + origin.dataPort() + ",http://" + next)));
        }
    }

    private Reply at(RunningServer server, String method, String path, String body, String... headers)
            throws IOException {
        return server.send(server.dataPort(), origin.token, method, path, body, headers);
    }

    private long counted(String counter) {
        return edges.stream()
                .mapToLong(edge -> {
                    try {
                        return edge.send(edge.adminPort(), origin.token, "GET", "/v1/status", null)
                                .json()
                                .at("/cache/counters/" + counter)
                                .asLong();
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                })
                .sum();
    }

    /** How often edges are told of a change while the origin is written to. */
    private long toldOfWrites() {
        long before = counted("changes");
        for (int i = 0; i < WRITES; i++) {
            try {
                origin.data("PUT", values + "k", "value " + i);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
        return counted("changes") - before;
    }

    /** Each change is told by each way that there is from the origin, as far as they do not close the circle. */
    private boolean nothingGoesRound() {
        long ways = (long) edges.size() * (edges.size() + 1) / 2;
        long gaps = counted("gaps");
        for (int i = 0; i < 10; i++) {
            if (toldOfWrites() > 2 * WRITES * ways) {
                return false;
            }
        }
        // Those that the ways which are left have begun with, and no more.
        return counted("gaps") - gaps <= 2L * edges.size();
    }

    /** Of each edge whether the next one refuses what it asks. */
    private List<Boolean> refusals(List<String> names) {
        List<Boolean> refusals = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            RunningServer next = edges.get((i + 1) % names.size());
            try {
                refusals.add(at(next, "GET", "/v1/catalogue", null, "Holdfast-Via", names.get(i))
                                .status()
                        == 508);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
        return refusals;
    }

    private boolean allAreRefusedOrNone(RunningServer by, String asker) {
        try {
            int first =
                    at(by, "GET", "/v1/catalogue", null, "Holdfast-Via", asker).status();
            assertThat(first).isIn(200, 508);
            return at(by, "PUT", values + "k", "v", "Holdfast-Via", asker).status() == first
                    && at(by, "GET", values.replace("values/", "keys"), null, "Holdfast-Via", asker)
                                    .status()
                            == first;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String refusalOfWrite(RunningServer edge) {
        try {
            String code = at(edge, "PUT", values + "k", "v").code();
            assertThat(code).isIn("no-provider", "unknown");
            return code;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String name(RunningServer edge, String token) throws Exception {
        try (EventReader feed = new EventReader(edge, token, "/v1/feed")) {
            String id = feed.any().id();
            return id.substring(0, id.indexOf('.'));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void noChangeGoesRoundAndNobodyIsAskedForWhatHeWouldHaveToAskTheAskerFor(int size) throws Exception {
        circle(size);
        List<String> names = new ArrayList<>();
        for (RunningServer edge : edges) {
            names.add(name(edge, origin.token));
        }
        RunningServer.await(() -> refusals(names).contains(true));
        RunningServer.await(this::nothingGoesRound);

        for (int i = 0; i < size; i++) {
            String name = names.get(i);
            RunningServer next = edges.get((i + 1) % size);
            // Whom an edge hears by way of whom changes while their feeds find their ways.
            RunningServer.await(() -> allAreRefusedOrNone(next, name));
            assertThat(at(edges.get(i), "GET", values + "k", null, "Holdfast-Via", name)
                            .code())
                    .isEqualTo("loop");
        }

        for (RunningServer edge : edges) {
            assertThat(at(edge, "GET", values + "k", null).status()).isEqualTo(200);
        }
        origin.close();
        for (RunningServer edge : edges) {
            assertThat(at(edge, "GET", values + "unknown", null).code()).isEqualTo("no-provider");
            // A write that was sent on a connection to the origin that is just ending may have happened.
            RunningServer.await(() -> refusalOfWrite(edge).equals("no-provider"));
            assertThat(at(edge, "GET", values + "k", null).status()).isEqualTo(200);
        }
    }
}
