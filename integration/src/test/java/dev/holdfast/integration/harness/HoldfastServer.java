package dev.holdfast.integration.harness;

import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.http.Reply;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A server as a process of its own, started as the launcher starts it. Its ports and its data folder stay the same however
 * often it is killed and started. For one thread.
 */
public final class HoldfastServer implements AutoCloseable {
    /** The project's; the tests of a module run in its folder. */
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** Where the build leaves what the launcher runs. */
    private static final Path BUILT = ROOT.resolve("cli").resolve("target");

    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(60);
    private static final Duration CALL = Duration.ofSeconds(30);
    private static final long POLL_MILLIS = 10;

    private final Path data;
    private final Path log;
    private final int dataPort = freePort();
    private final int adminPort = freePort();
    private final Map<String, String> environment = new HashMap<>();
    private final List<String> classPath = new ArrayList<>();
    private List<String> configuration = List.of();
    private Path token;
    private @Nullable Process process;
    private @Nullable Api store;
    private @Nullable Api control;

    /** @param directory for the data folder and the log of the process */
    public HoldfastServer(Path directory) throws IOException {
        this.data = Files.createDirectories(directory.resolve("data"));
        this.log = directory.resolve("server.log");
        this.token = data.resolve("admin-token");
        if (!Files.exists(BUILT.resolve("holdfast-cli.jar"))) {
            throw new IOException("there is no " + BUILT.resolve("holdfast-cli.jar") + "; run mvn package first");
        }
        classPath.add(libraries());
    }

    /** The class path that the launcher uses, without wildcards. */
    static String libraries() throws IOException {
        try (Stream<Path> jars = Files.list(BUILT.resolve("lib"))) {
            return Stream.concat(Stream.of(BUILT.resolve("holdfast-cli.jar")), jars.sorted())
                    .map(Path::toString)
                    .collect(Collectors.joining(File.pathSeparator));
        }
    }

    /** Variables for the process. */
    public HoldfastServer with(Map<String, String> variables) {
        environment.putAll(variables);
        return this;
    }

    /** Runs it as an edge before origins of one store that have been started. */
    public HoldfastServer asEdgeOf(HoldfastServer... origins) throws IOException {
        Files.copy(origins[0].data.resolve("cluster-key"), data.resolve("cluster-key"));
        token = Files.copy(origins[0].token, data.resolve("origin-token"));
        return with(Map.of(
                "HOLDFAST_ROLE",
                "edge",
                "HOLDFAST_ORIGINS_URLS",
                Stream.of(origins)
                        .map(origin -> url(origin.dataPort).toString())
                        .collect(Collectors.joining(","))));
    }

    /** Runs it as another origin of the same store as one that has been started, whose admin token opens this one too. */
    public HoldfastServer beside(HoldfastServer origin) throws IOException {
        Files.copy(origin.data.resolve("cluster-key"), data.resolve("cluster-key"));
        token = origin.token;
        return this;
    }

    /** Runs it with a configuration file. */
    public HoldfastServer configured(String yaml) throws IOException {
        configuration = List.of(
                "--config",
                Files.writeString(log.resolveSibling("holdfast.yaml"), yaml).toString());
        return this;
    }

    /** Runs it with one of its classes replaced. */
    public HoldfastServer as(Mutant mutant) {
        classPath.addFirst(mutant.classes().toString());
        return this;
    }

    /**
     * Starts it, with drills allowed, and waits until it serves.
     *
     * @return how long that took
     */
    public Duration start() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        ProcessBuilder builder = new ProcessBuilder(command());
        builder.environment().keySet().removeIf(name -> name.startsWith("HOLDFAST_"));
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        Process started = builder.start();
        process = started;
        try (Api unauthorised = new Api(url(adminPort), "", "nowhere", CALL, null)) {
            while (!serves(unauthorised)) {
                if (!started.isAlive()) {
                    throw new IOException("the server ended with " + started.exitValue() + ": " + tail());
                }
                if (System.nanoTime() - begin > START.toNanos()) {
                    throw new IOException("the server does not serve: " + tail());
                }
                Thread.sleep(POLL_MILLIS);
            }
        }
        if (store == null) {
            String secret = secret();
            store = new Api(url(dataPort), secret, "the data folder", CALL, null);
            control = new Api(url(adminPort), secret, "the data folder", CALL, null);
        }
        while (!store.get("/v1/namespaces").ok()) {
            Thread.sleep(POLL_MILLIS);
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseCompactObjectHeaders",
                "-cp",
                String.join(File.pathSeparator, classPath),
                "dev.holdfast.cli.Holdfast",
                "server",
                "--data",
                data.toString(),
                "--listen",
                "127.0.0.1:" + dataPort,
                "--admin-listen",
                "127.0.0.1:" + adminPort,
                "--drills"));
        command.addAll(configuration);
        return command;
    }

    private static boolean serves(Api admin) {
        try {
            return admin.get("/healthz").ok();
        } catch (Failure notYet) {
            return false;
        }
    }

    /** kill -9. */
    public void kill() throws InterruptedException {
        Process running = running();
        running.destroyForcibly();
        running.waitFor();
    }

    /** Stops all its threads for so long, as a collection of its heap would. */
    public void standStill(Duration howLong) throws IOException, InterruptedException {
        signal("-STOP");
        try {
            Thread.sleep(howLong.toMillis());
        } finally {
            signal("-CONT");
        }
    }

    private void signal(String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", name, Long.toString(running().pid()))
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("kill " + name + " ended with " + code);
        }
    }

    /** Asks it to stop, and waits for it. */
    public void stop() throws InterruptedException {
        Process running = running();
        running.destroy();
        if (!running.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
            running.destroyForcibly();
            running.waitFor();
            throw new IllegalStateException("the server did not stop within " + STOP.toSeconds() + " s: " + tail());
        }
    }

    private Process running() {
        if (process == null || !process.isAlive()) {
            throw new IllegalStateException("the server does not run: " + tail());
        }
        return process;
    }

    public boolean alive() {
        return process != null && process.isAlive();
    }

    public Path data() {
        return data;
    }

    /** The data port, with the admin token. */
    public Api store() {
        return java.util.Objects.requireNonNull(store, "not started yet");
    }

    /** The data port, for a client that waits for so long. For the caller to close. */
    public Api store(Duration deadline) throws IOException {
        return new Api(url(dataPort), secret(), "the data folder", deadline, null);
    }

    /** The admin token. */
    public String secret() throws IOException {
        return Files.readString(token).strip();
    }

    /** The admin port, with the admin token. */
    public Api control() {
        return java.util.Objects.requireNonNull(control, "not started yet");
    }

    /** @return its id */
    public String makeNamespace(String title) {
        Reply reply = store().send("POST", "/v1/namespaces", Json.object().put("title", title));
        return Json.text(store().require(reply).json(), "id", "");
    }

    /** The last lines of its log, for messages. */
    public String tail() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
        } catch (IOException unreadable) {
            return "(no log: " + unreadable.getMessage() + ")";
        }
    }

    private static URI url(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }

    /**
     * A port that is free now and below those that the system gives to outgoing connections: a client that tries to connect to
     * one of these while nobody listens there can end up connected to itself.
     */
    private static int freePort() throws IOException {
        SplittableRandom random = new SplittableRandom();
        while (true) {
            try (ServerSocket socket = new ServerSocket(random.nextInt(20_000, 32_000))) {
                return socket.getLocalPort();
            } catch (java.net.BindException taken) {
                // The next one, then.
            }
        }
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
        if (store != null) {
            store.close();
        }
        if (control != null) {
            control.close();
        }
    }
}
