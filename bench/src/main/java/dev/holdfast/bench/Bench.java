package dev.holdfast.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures Holdfast beside its own bare parts and nginx, in alternating rounds of one run. */
@Command(
        name = "bench/run",
        description = "Measures Holdfast beside its own HTTP engine, nginx, and its databases written directly.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpAutoWidth = true,
        showDefaultValues = true)
public final class Bench implements Callable<Integer> {
    private static final long SETTLE_MILLIS = 500;

    @Option(names = "--rounds", description = "Rounds, in each of which everything is measured once.")
    private int rounds = 7;

    @Option(names = "--seconds", description = "Seconds of one measurement.")
    private int seconds = 5;

    @Option(names = "--warm-up", description = "Seconds for which each is put under load before the first round.")
    private int warmUp = 20;

    @Option(names = "--connections", description = "Connections, and writers of raw storage.")
    private int connections = 64;

    @Option(names = "--keys", description = "Keys, drawn by Zipf's law with exponent 0.99.")
    private int keys = 10_000;

    @Option(names = "--value-bytes", description = "Bytes of a value.")
    private int valueBytes = 288;

    @Option(names = "--door", description = "The door of Holdfast that is measured: binding or v1.")
    private String door = "binding";

    @Option(
            names = "--only",
            split = ",",
            completionCandidates = Lineup.Ids.class,
            description = "Measure only these of ${COMPLETION-CANDIDATES}.",
            showDefaultValue = CommandLine.Help.Visibility.NEVER)
    private List<String> only = List.of();

    @Option(names = "--json", description = "Print one JSON object instead of tables.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    public static void main(String[] arguments) {
        CommandLine line = new CommandLine(new Bench()).setExecutionExceptionHandler((e, _, _) -> {
            System.err.println("bench/run: " + e.getMessage());
            return 1;
        });
        System.exit(line.execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        check();
        Set<String> wanted = new LinkedHashSet<>(only.isEmpty() ? Lineup.IDS : only);
        Path launcher = Path.of(System.getProperty("holdfast.bench.launcher", "./holdfast"));
        try (Belongings belongings = new Belongings()) {
            Folder folder = belongings.add(Folder.make());
            Map<String, String> circumstances = Machine.describe(folder.path());
            circumstances.put(
                    "load",
                    String.format(
                            Locale.ROOT,
                            "%d keep-alive connections, %d-byte values, %,d keys by Zipf's law, %s door, durability 2",
                            connections,
                            valueBytes,
                            keys,
                            door));
            circumstances.put(
                    "rounds", rounds + " of " + seconds + " s each, after a warm-up of " + warmUp + " s each");
            Lineup.Terms terms = new Lineup.Terms(launcher, door, keys, valueBytes, connections);
            List<Case> cases = Lineup.start(terms, folder.path(), wanted, belongings);
            Report report = new Report(circumstances, cases, measure(cases));
            if (json) {
                System.out.println(report.json());
            } else {
                report.print(System.out);
            }
            return report.results().failed() == 0 ? 0 : 1;
        }
    }

    private void check() {
        if (rounds < 1 || seconds < 1 || warmUp < 0 || connections < 1 || keys < 1 || valueBytes < 1) {
            throw wrong("numbers must be 1 or more");
        }
        if (!List.of("binding", "v1").contains(door)) {
            throw wrong("--door is binding or v1, not " + door);
        }
        if (!Lineup.IDS.containsAll(only)) {
            throw wrong("--only takes any of " + String.join(", ", Lineup.IDS));
        }
    }

    private ParameterException wrong(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }

    private Results measure(List<Case> cases) throws IOException, InterruptedException {
        if (warmUp > 0) {
            for (Case each : cases) {
                step("warm-up", each, warmUp);
            }
        }
        Results results = new Results();
        for (int round = 1; round <= rounds; round++) {
            for (Case each : cases) {
                results.add(each, step("round " + round + " of " + rounds, each, seconds));
            }
        }
        return results;
    }

    private static Sample step(String when, Case which, int seconds) throws IOException, InterruptedException {
        Thread.sleep(SETTLE_MILLIS);
        Sample sample = which.measured().run(seconds);
        System.err.printf(
                Locale.ROOT,
                "%-14s %-30s %-3s %,9.0f/s %6.1f us%s%n",
                when,
                which.subject(),
                which.operation(),
                sample.perSecond(),
                sample.cpuMicros(),
                sample.disturbance().isEmpty() ? "" : " disturbed: " + sample.disturbance());
        return sample;
    }
}
