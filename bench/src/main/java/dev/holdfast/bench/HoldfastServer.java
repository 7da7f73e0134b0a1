package dev.holdfast.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Holdfast as a whole process, started by its launcher with its defaults and drills allowed. */
final class HoldfastServer implements AutoCloseable {
    private static final int RETRIES = 100;
    private static final long RETRY_MILLIS = 100;
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration TO_SERVE = Duration.ofMinutes(2);
    private static final Duration TO_NOTICE = Duration.ofMinutes(1);
    private static final Duration TO_RECOVER = Duration.ofMinutes(3);

    private final Child process;
    private final int port;
    private final int adminPort;
    private final String account;
    private final String token;
    private final Client client;

    private HoldfastServer(Child process, int port, int adminPort, String account, String token, Client client) {
        this.process = process;
        this.port = port;
        this.adminPort = adminPort;
        this.account = account;
        this.token = token;
        this.client = client;
    }

    /** @param tls null for none */
    static HoldfastServer start(Path launcher, Path folder, @Nullable Tls tls, Belongings belongings)
            throws IOException, InterruptedException {
        int port = Ports.free();
        int adminPort = Ports.free();
        Path data = data(folder);
        List<String> command = new ArrayList<>(command(launcher, folder, port, adminPort));
        command.add("--drills");
        Map<String, String> environment = tls == null
                ? Map.of()
                : Map.of(
                        "HOLDFAST_TLS_CERTIFICATE", tls.certificate().toString(),
                        "HOLDFAST_TLS_KEY", tls.key().toString());
        Child process = belongings.add(Child.silent("holdfast", folder, command, environment));
        try (Client nobody = new Client("", tls)) {
            Client.await(
                    process,
                    "serve",
                    TO_SERVE,
                    () -> nobody.send("GET", adminPort, "/readyz", "").statusCode() == 200);
        }
        String token = Files.readString(data.resolve("admin-token")).strip();
        String account = Files.readString(data.resolve("account-id")).strip();
        Client client = new Client(token, tls);
        return belongings.add(new HoldfastServer(process, port, adminPort, account, token, client));
    }

    /** What starts one. */
    static List<String> command(Path launcher, Path folder, int port, int adminPort) {
        return List.of(
                launcher.toString(),
                "server",
                "--data",
                data(folder).toString(),
                "--listen",
                "127.0.0.1:" + port,
                "--admin-listen",
                "127.0.0.1:" + adminPort);
    }

    /** Where the server that was started in a folder keeps its data. */
    static Path data(Path folder) {
        return folder.resolve("holdfast-data");
    }

    Child process() {
        return process;
    }

    int port() {
        return port;
    }

    String token() {
        return token;
    }

    /** What URLs begin with. */
    String base() {
        return client.base(port);
    }

    Client client() {
        return client;
    }

    /** Makes a namespace. */
    Entrance.Room createNamespace(String title) throws IOException, InterruptedException {
        byte[] made = client.require("POST", port, "/v1/namespaces", "{\"title\":\"" + title + "\"}")
                .body();
        return new Entrance.Room(account, JSON.readTree(made).required("id").asString(), token);
    }

    /** Puts every entry once, and reads it, so that all are near. */
    void fill(Load load, Function<Load.Entry, Ask> put, Function<Load.Entry, Ask> get)
            throws IOException, InterruptedException {
        Semaphore underWay = new Semaphore(32);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> puts = new ArrayList<>();
            for (Load.Entry entry : load.entries()) {
                underWay.acquire();
                puts.add(threads.submit(() -> {
                    try {
                        put(put.apply(entry));
                        byte[] read = client.require(port, get.apply(entry)).body();
                        if (!Arrays.equals(read, entry.valueBytes())) {
                            throw process.failure("does not answer with the value of " + entry.key());
                        }
                        return null;
                    } finally {
                        underWay.release();
                    }
                }));
            }
            for (Future<?> each : puts) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("the load could not be put: " + e.getMessage(), e);
        }
    }

    /** A server that has just started may be short of breath; what clients do then is to try again. */
    private void put(Ask put) throws IOException, InterruptedException {
        for (int i = 0; i < RETRIES; i++) {
            if (client.send(port, put).statusCode() / 100 == 2) {
                return;
            }
            Thread.sleep(RETRY_MILLIS);
        }
        client.require(port, put);
    }

    /** Measures once every provider is current; a sample during which one did not stay so says that it is disturbed. */
    Sample healthy(Case.Measured measured, int seconds) throws IOException, InterruptedException {
        awaitAllCurrent();
        return watched(Set.of(), measured, seconds);
    }

    /** The same, of reads that must all be answered from near. */
    Sample near(Case.Measured measured, int seconds) throws IOException, InterruptedException {
        awaitAllCurrent();
        long before = misses();
        Sample sample = watched(Set.of(), measured, seconds);
        long missed = misses() - before;
        return missed <= 0 ? sample : sample.disturbedBy(missed + " reads were not answered from near");
    }

    /** Reads that somebody waited for; what is asked for again while it is still good counts as a miss too. */
    private long misses() throws IOException, InterruptedException {
        JsonNode counters = status().at("/cache/counters");
        return counters.path("misses").asLong(0) - counters.path("refreshes").asLong(0);
    }

    /** Measures while the provider swallows every call, from when it is known to be down; heals it and waits for it. */
    Sample without(String provider, Case.Measured measured, int seconds) throws IOException, InterruptedException {
        awaitAllCurrent();
        String fault = "/v1/providers/" + provider + "/fault";
        client.require("PUT", adminPort, fault, "{\"mode\":\"blackhole\",\"rate\":1.0}");
        try {
            Client.await(
                    process,
                    "see provider " + provider + " down",
                    TO_NOTICE,
                    () -> state(provider).equals("down"));
            return watched(Set.of(provider), measured, seconds);
        } finally {
            client.require("DELETE", adminPort, fault, "");
            awaitAllCurrent();
        }
    }

    private Sample watched(Set<String> dead, Case.Measured measured, int seconds)
            throws IOException, InterruptedException {
        Set<String> before = states(dead);
        Sample sample = measured.run(seconds);
        Set<String> after = states(dead);
        after.removeAll(before);
        return after.isEmpty() ? sample : sample.disturbedBy(String.join("; ", after));
    }

    /** For each provider that is not meant to be dead, in which state it is, since when, and why. */
    private Set<String> states(Set<String> dead) throws IOException, InterruptedException {
        Set<String> states = new HashSet<>();
        for (JsonNode provider : providers()) {
            if (!dead.contains(provider.path("name").asString(""))) {
                states.add("provider " + provider.path("name").asString("") + " is "
                        + provider.path("state").asString("") + " since " + provider.path("since") + ": "
                        + provider.path("why").asString(""));
            }
        }
        return states;
    }

    private String state(String provider) throws IOException, InterruptedException {
        for (JsonNode each : providers()) {
            if (each.path("name").asString("").equals(provider)) {
                return each.path("state").asString("");
            }
        }
        return "";
    }

    void awaitAllCurrent() throws IOException, InterruptedException {
        awaitAllCurrent(TO_RECOVER);
    }

    void awaitAllCurrent(Duration patience) throws IOException, InterruptedException {
        Client.await(process, "have all providers current", patience, () -> {
            for (JsonNode provider : providers()) {
                if (!provider.path("state").asString("").equals("current")) {
                    return false;
                }
            }
            return true;
        });
    }

    private JsonNode providers() throws IOException, InterruptedException {
        return status().path("providers");
    }

    private JsonNode status() throws IOException, InterruptedException {
        return JSON.readTree(client.require("GET", adminPort, "/v1/status", "").body());
    }

    @Override
    public void close() {
        client.close();
    }
}
