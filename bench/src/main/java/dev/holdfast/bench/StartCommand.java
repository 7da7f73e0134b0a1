package dev.holdfast.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How long a start takes. */
@Command(
        name = "start",
        description = {
            "From the start of the launcher until a key is read, with many keys in the store, by turns: with what the"
                    + " JVM has noted of a rehearsed start, and without it.",
            "The server is stopped in between as an operator stops it, once its providers hold everything."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpAutoWidth = true,
        showDefaultValues = true)
final class StartCommand implements Callable<Integer> {
    private static final int BULK = 10_000;
    private static final Duration TO_SERVE = Duration.ofMinutes(2);

    @Option(names = "--keys", description = "Keys in the store.")
    private int keys = 1_000_000;

    @Option(names = "--rounds", description = "Starts of each kind.")
    private int rounds = 7;

    @Option(names = "--value-bytes", description = "Bytes of a value.")
    private int valueBytes = 288;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** A way to start. */
    private record Way(String name, String javaOptions, double[] seconds, double[] cpuSeconds) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (keys < 1 || rounds < 1 || valueBytes < 1) {
            throw new ParameterException(spec.commandLine(), "numbers must be 1 or more");
        }
        List<Way> ways = List.of(
                new Way("rehearsed", "", new double[rounds], new double[rounds]),
                new Way("not rehearsed", "-XX:AOTMode=off", new double[rounds], new double[rounds]));
        try (Belongings belongings = new Belongings()) {
            Path folder = belongings.add(Folder.make()).path();
            Map<String, String> circumstances = Machine.describe(folder, List.of());
            System.err.printf(Locale.ROOT, "putting %,d keys ...%n", keys);
            Entrance.Room room = fill(folder);
            for (int round = 0; round < rounds; round++) {
                for (Way way : ways) {
                    measure(folder, room, way, round);
                    System.err.printf(
                            Locale.ROOT,
                            "round %d of %d  %-14s %.2f s%n",
                            round + 1,
                            rounds,
                            way.name(),
                            way.seconds()[round]);
                }
            }
            circumstances.forEach((name, value) -> System.out.println("- " + name + ": " + value));
            System.out.printf(Locale.ROOT, "- load: %,d keys of %d bytes%n%n", keys, valueBytes);
        }
        System.out.println("| start | first answer after (s) | least to most | processor time (s) |");
        System.out.println("| --- | --- | --- | --- |");
        for (Way way : ways) {
            Arrays.sort(way.seconds());
            Arrays.sort(way.cpuSeconds());
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.2f | %.2f to %.2f | %.2f |%n",
                    way.name(),
                    way.seconds()[rounds / 2],
                    way.seconds()[0],
                    way.seconds()[rounds - 1],
                    way.cpuSeconds()[rounds / 2]);
        }
        return 0;
    }

    private Entrance.Room fill(Path folder) throws IOException, InterruptedException {
        try (Belongings running = new Belongings()) {
            HoldfastServer server = HoldfastServer.start(Pace.launcher(), folder, null, running);
            Entrance.Room room = server.createNamespace("start");
            String target =
                    "/client/v4/accounts/" + room.account() + "/storage/kv/namespaces/" + room.namespace() + "/bulk";
            String value = "v".repeat(valueBytes);
            for (int first = 0; first < keys; first += BULK) {
                StringBuilder body = new StringBuilder("[");
                for (int i = first; i < Math.min(keys, first + BULK); i++) {
                    body.append(i == first ? "" : ",")
                            .append("{\"key\":\"k")
                            .append(i)
                            .append("\",\"value\":\"")
                            .append(value)
                            .append("\"}");
                }
                server.client()
                        .require("PUT", server.port(), target, body.append(']').toString());
            }
            server.awaitAllCurrent();
            return room;
        }
    }

    private static void measure(Path folder, Entrance.Room room, Way way, int round)
            throws IOException, InterruptedException {
        int port = Ports.free();
        List<String> command = List.of(
                Pace.launcher().toString(),
                "server",
                "--data",
                HoldfastServer.data(folder).toString(),
                "--listen",
                "127.0.0.1:" + port,
                "--admin-listen",
                "127.0.0.1:" + Ports.free());
        String token = Files.readString(HoldfastServer.data(folder).resolve("admin-token"))
                .strip();
        String target = "/v1/namespaces/" + room.namespace() + "/values/k0";
        try (Client client = new Client(token, null)) {
            long begun = System.nanoTime();
            Child process = Child.silent("start", folder, command, Map.of("HOLDFAST_JAVA_OPTS", way.javaOptions()));
            try (process) {
                Client.await(
                        process,
                        "answer",
                        TO_SERVE,
                        () -> client.send("GET", port, target, "").statusCode() == 200);
                way.seconds()[round] = (System.nanoTime() - begun) / 1e9;
                way.cpuSeconds()[round] = process.cpuMicros() / 1e6;
            }
        }
    }
}
