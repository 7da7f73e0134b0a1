package dev.holdfast.bench;

import dev.holdfast.bench.Results.Spread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
    private record Way(String name, String javaOptions, List<Double> seconds, List<Double> cpuSeconds) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (keys < 1 || rounds < 1 || valueBytes < 1) {
            throw new ParameterException(spec.commandLine(), "numbers must be 1 or more");
        }
        List<Way> ways = List.of(
                new Way("rehearsed", "", new ArrayList<>(), new ArrayList<>()),
                new Way("not rehearsed", "-XX:AOTMode=off", new ArrayList<>(), new ArrayList<>()));
        try (Belongings belongings = new Belongings()) {
            Path folder = belongings.add(Folder.make()).path();
            Map<String, String> circumstances = Machine.describe(folder, List.of());
            System.err.printf(Locale.ROOT, "putting %,d keys ...%n", keys);
            Entrance.Room room = Filled.make(folder, keys, valueBytes);
            for (int round = 0; round < rounds; round++) {
                for (Way way : ways) {
                    measure(folder, room, way);
                    System.err.printf(
                            Locale.ROOT,
                            "round %d of %d  %-14s %.2f s%n",
                            round + 1,
                            rounds,
                            way.name(),
                            way.seconds().getLast());
                }
            }
            circumstances.put("load", String.format(Locale.ROOT, "%,d keys of %d bytes", keys, valueBytes));
            Report.circumstances(System.out, circumstances);
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("start", "first answer after (s)", "least to most", "processor time (s)"));
        for (Way way : ways) {
            Spread seconds = Spread.of(way.seconds());
            rows.add(List.of(
                    way.name(),
                    Report.decimal(seconds.median(), 2),
                    Report.span(seconds, 2),
                    Report.decimal(Spread.of(way.cpuSeconds()).median(), 2)));
        }
        Report.table(System.out, rows);
        return 0;
    }

    private static void measure(Path folder, Entrance.Room room, Way way) throws IOException, InterruptedException {
        int port = Ports.free();
        List<String> command = HoldfastServer.command(Pace.launcher(), folder, port, Ports.free());
        String token = Files.readString(HoldfastServer.data(folder).resolve("admin-token"))
                .strip();
        String target = "/v1/namespaces/" + room.namespace() + "/values/" + Filled.key(0);
        try (Client client = new Client(token, null)) {
            long begun = System.nanoTime();
            Child process = Child.silent("start", folder, command, Map.of("HOLDFAST_JAVA_OPTS", way.javaOptions()));
            try (process) {
                Client.await(
                        process,
                        "answer",
                        TO_SERVE,
                        () -> client.send("GET", port, target, "").statusCode() == 200);
                way.seconds().add((System.nanoTime() - begun) / 1e9);
                way.cpuSeconds().add(process.cpuMicros() / 1e6);
            }
        }
    }
}
