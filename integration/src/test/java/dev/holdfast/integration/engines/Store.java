package dev.holdfast.integration.engines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.http.Json;
import dev.holdfast.client.Holdfast;
import dev.holdfast.integration.harness.Awaiting;
import dev.holdfast.integration.harness.HoldfastServer;
import dev.holdfast.integration.harness.Providers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Two origins over the same providers, each a process of its own. */
final class Store implements AutoCloseable {
    static final Duration WITHIN = Duration.ofSeconds(60);
    static final String NAMESPACE = "notes";

    final HoldfastServer one;
    final HoldfastServer two;

    /**
     * With one namespace. It is made before the second origin is started, which hears of later ones half a minute later.
     *
     * @param providers the entries of the map of that name in the configuration
     */
    Store(Path directory, String providers) throws IOException, InterruptedException {
        String yaml = "providers:\n" + providers;
        one = new HoldfastServer(directory.resolve("one")).configured(yaml);
        try {
            one.start();
            one.makeNamespace(NAMESPACE);
            awaitWhole(one);
            two = new HoldfastServer(directory.resolve("two")).configured(yaml).beside(one);
        } catch (IOException | InterruptedException | RuntimeException e) {
            one.close();
            throw e;
        }
        try {
            two.start();
            Awaiting.until(
                    WITHIN,
                    "the second origin knows the namespace",
                    () -> two.store()
                            .get("/v1/namespaces/" + NAMESPACE + "/keys")
                            .status(),
                    status -> status == 200);
            awaitWhole();
        } catch (IOException | InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
    }

    List<HoldfastServer> origins() {
        return List.of(one, two);
    }

    /** A client that prefers the first of the servers. */
    static Holdfast client(HoldfastServer... servers) throws IOException {
        Holdfast.Builder builder = Holdfast.builder().token(servers[0].secret());
        for (HoldfastServer server : servers) {
            builder.endpoint(server.store().base());
        }
        return builder.build();
    }

    void awaitWhole() throws InterruptedException {
        for (HoldfastServer origin : origins()) {
            awaitWhole(origin);
        }
    }

    private static void awaitWhole(HoldfastServer origin) throws InterruptedException {
        new Providers(origin.control()).awaitWhole(WITHIN);
    }

    void awaitNotCurrent(String provider) throws InterruptedException {
        for (HoldfastServer origin : origins()) {
            Awaiting.until(
                    WITHIN,
                    provider + " is not current",
                    () -> new Providers(origin.control()).look(),
                    seen -> seen.stream()
                            .anyMatch(each -> each.name().equals(provider)
                                    && !each.state().equals("current")));
        }
    }

    /** A pass over all providers finds that every key is the same at each. */
    void comparesEqual() throws InterruptedException {
        String before = compared().path("finished_at").asString("");
        one.control().require(one.control().send("POST", "/v1/compare", Json.object()));
        JsonNode now = Awaiting.until(
                WITHIN,
                "the comparison is over",
                this::compared,
                seen -> !seen.path("running").asBoolean(true)
                        && !seen.path("finished_at").asString("").equals(before));
        assertThat(now.at("/pass/compared").asLong(0)).isPositive();
        assertThat(now.at("/pass/divergent").asLong(-1))
                .as("keys that differ: %s", now)
                .isZero();
    }

    private JsonNode compared() {
        return one.control().require(one.control().get("/v1/compare")).json();
    }

    /** Nothing failed, nothing was old, and at each origin is what was acknowledged. */
    void judge(String what, ClientLoad load) throws IOException {
        for (HoldfastServer origin : origins()) {
            try (Holdfast client = client(origin)) {
                load.readBack(client.namespace(NAMESPACE));
            }
        }
        System.out.println(what + ": " + load);
        assertThat(load.failed()).as("failed calls").isEmpty();
        assertThat(load.wrong()).as("old or lost values").isEmpty();
    }

    @Override
    public void close() {
        origins().forEach(HoldfastServer::close);
    }
}
