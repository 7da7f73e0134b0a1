package dev.holdfast.integration.edge;

import dev.holdfast.cli.http.Reply;
import dev.holdfast.integration.harness.HoldfastServer;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An origin and edges before it, each a process of its own; between each edge and the origin a wire that can be cut. */
final class Fleet implements AutoCloseable {
    private final Path directory;
    private final Map<String, String> variables;
    final HoldfastServer origin;
    final List<HoldfastServer> edges = new ArrayList<>();
    final List<Wire> wires = new ArrayList<>();

    /** @param variables of all edges */
    Fleet(Path directory, int size, Map<String, String> variables) throws IOException, InterruptedException {
        this(directory, size, Map.of(), variables);
    }

    /**
     * @param ofOrigin variables of the origin
     * @param variables of all edges
     */
    Fleet(Path directory, int size, Map<String, String> ofOrigin, Map<String, String> variables)
            throws IOException, InterruptedException {
        this.directory = directory;
        this.variables = variables;
        this.origin = new HoldfastServer(directory.resolve("origin")).with(ofOrigin);
        origin.start();
        for (int i = 0; i < size; i++) {
            add("edge-" + i);
        }
    }

    private void add(String name) throws IOException, InterruptedException {
        Wire wire = new Wire(origin.store().base().getPort());
        wires.add(wire);
        HoldfastServer edge = new HoldfastServer(directory.resolve(name));
        for (String file : List.of("cluster-key", "admin-token")) {
            Files.copy(origin.data().resolve(file), edge.data().resolve(file));
        }
        Files.copy(origin.data().resolve("admin-token"), edge.data().resolve("origin-token"));
        Map<String, String> all = new HashMap<>(variables);
        all.put("HOLDFAST_ROLE", "edge");
        all.put("HOLDFAST_ORIGINS_URLS", "http://127.0.0.1:" + wire.port());
        edges.add(edge.with(all));
        edge.start();
    }

    static String value(String namespace, String key) {
        return "/v1/namespaces/" + namespace + "/values/" + key;
    }

    static Reply put(HoldfastServer at, String path, String value) {
        return at.store().require(at.store().call("PUT", path, Map.of(), BodyPublishers.ofString(value)));
    }

    /** A number that the metrics of a server show; the sum of all lines that begin so. */
    static double metric(HoldfastServer of, String beginning) {
        String text = new String(of.control().get("/metrics").body(), java.nio.charset.StandardCharsets.UTF_8);
        return text.lines()
                .filter(line -> line.startsWith(beginning))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Override
    public void close() {
        edges.forEach(HoldfastServer::close);
        origin.close();
        wires.forEach(Wire::close);
    }
}
