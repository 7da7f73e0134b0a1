package dev.holdfast.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What a store of many keys costs beside one of few. */
@Command(
        name = "large",
        description = {
            "Loads a store, stops it, drops what is cached, starts it, reads keys that nobody has read before one at a"
                    + " time, and lists pages: with few keys and with many.",
            "Dropping the system's cache needs root; without, the report says so."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpAutoWidth = true,
        showDefaultValues = true)
final class LargeCommand implements Callable<Integer> {
    private static final Path DROP = Path.of("/proc/sys/vm/drop_caches");
    private static final int PAGES = 100;

    @Option(names = "--keys", split = ",", description = "Keys in the stores, one after the other.")
    private List<Integer> sizes = List.of(100_000, 10_000_000);

    @Option(names = "--reads", description = "Keys read in each.")
    private int reads = 5_000;

    @Option(names = "--value-bytes", description = "Bytes of a value.")
    private int valueBytes = 288;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** What was found of one store. */
    private record Found(
            int keys,
            double loadSeconds,
            long diskBytes,
            double startSeconds,
            double[] getMillis,
            double[] listMillis) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (sizes.stream().anyMatch(keys -> keys < 1) || reads < 1 || valueBytes < 1) {
            throw new ParameterException(spec.commandLine(), "numbers must be 1 or more");
        }
        List<Found> all = new ArrayList<>();
        try (Belongings belongings = new Belongings()) {
            Path folder = belongings.add(Folder.make()).path();
            Map<String, String> circumstances = Machine.describe(folder, List.of());
            circumstances.put("load", String.format(Locale.ROOT, "%d-byte values, %,d reads", valueBytes, reads));
            circumstances.put(
                    "caches",
                    "the server was started anew; those of the system "
                            + (Files.isWritable(DROP) ? "dropped (" + DROP + ")" : "NOT dropped, which needs root"));
            for (int keys : sizes) {
                all.add(measure(Files.createDirectories(folder.resolve("of-" + keys)), keys));
            }
            Report.circumstances(System.out, circumstances);
        }
        Report.table(System.out, rows(all));
        return 0;
    }

    private Found measure(Path folder, int keys) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        Entrance.Room room = Filled.make(folder, keys, valueBytes);
        double loadSeconds = since(begun);
        System.err.printf(Locale.ROOT, "%,d keys are there after %.0f s%n", keys, loadSeconds);
        long disk = bytes(HoldfastServer.data(folder));
        dropCaches();
        try (Belongings running = new Belongings()) {
            begun = System.nanoTime();
            HoldfastServer server = HoldfastServer.start(Pace.launcher(), folder, null, running);
            double startSeconds = since(begun);
            String values = "/v1/namespaces/" + room.namespace() + "/values/";
            String list = "/v1/namespaces/" + room.namespace() + "/keys?limit=1000&prefix=";
            SplittableRandom random = new SplittableRandom(7);
            double[] get = new double[reads];
            for (int i = 0; i < reads; i++) {
                String key = Filled.key(random.nextInt(keys));
                get[i] = millis(() -> server.client().require("GET", server.port(), values + key, ""));
            }
            double[] page = new double[PAGES];
            for (int i = 0; i < PAGES; i++) {
                // A thousand keys begin so.
                String key = Filled.key(random.nextInt(keys));
                String prefix = key.substring(0, key.length() - 3);
                page[i] = millis(() -> server.client().require("GET", server.port(), list + prefix, ""));
            }
            return new Found(keys, loadSeconds, disk, startSeconds, get, page);
        }
    }

    private static List<List<String>> rows(List<Found> all) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "keys",
                "load s",
                "disk bytes a key",
                "start s",
                "cold GET p50 ms",
                "p99 ms",
                "page of 1,000 p50 ms",
                "p99 ms"));
        for (Found found : all) {
            rows.add(List.of(
                    Report.decimal(found.keys(), 0),
                    Report.decimal(found.loadSeconds(), 0),
                    Report.decimal((double) found.diskBytes() / found.keys(), 0),
                    Report.decimal(found.startSeconds(), 2),
                    quantile(found.getMillis(), 0.5),
                    quantile(found.getMillis(), 0.99),
                    quantile(found.listMillis(), 0.5),
                    quantile(found.listMillis(), 0.99)));
        }
        return rows;
    }

    private static String quantile(double[] millis, double q) {
        return Report.decimal(Results.quantile(millis, q), 2);
    }

    private static void dropCaches() throws IOException {
        if (Files.isWritable(DROP)) {
            Files.writeString(DROP, "3");
        }
    }

    private static long bytes(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private interface Asked {
        void ask() throws IOException, InterruptedException;
    }

    private static double millis(Asked asked) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        asked.ask();
        return (System.nanoTime() - begun) / 1e6;
    }

    private static double since(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }
}
