package dev.holdfast.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How long and how often is measured: the options that every command has, and how it carries them out. */
final class Pace {
    private static final long SETTLE_MILLIS = 500;

    @Option(names = "--rounds", description = "Rounds, in each of which everything is measured once.")
    private int rounds = 7;

    @Option(names = "--seconds", description = "Seconds of one measurement.")
    private int seconds;

    @Option(names = "--warm-up", description = "Seconds for which each is put under load before the first round.")
    private int warmUp;

    @Option(names = "--json", description = "Print one JSON object instead of tables.")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    Pace(int seconds, int warmUp) {
        this.seconds = seconds;
        this.warmUp = warmUp;
    }

    /** The file that starts Holdfast. */
    static Path launcher() {
        return Path.of(System.getProperty("holdfast.bench.launcher", "./holdfast"));
    }

    ParameterException wrong(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }

    /** @throws ParameterException unless all are 1 or more */
    void positive(List<Integer> numbers) {
        if (numbers.isEmpty() || numbers.stream().anyMatch(number -> number < 1)) {
            throw wrong("numbers must be 1 or more");
        }
    }

    /**
     * Starts a lineup, measures it and prints the report.
     *
     * @param tools what it needs
     * @param load for the report, what everything is measured with
     * @return the exit code: 1 when a request failed
     */
    int run(List<Tool> tools, String load, Lineup.Start start) throws IOException, InterruptedException {
        positive(List.of(rounds, seconds, warmUp + 1));
        Tool.require(tools);
        try (Belongings belongings = new Belongings()) {
            Folder folder = belongings.add(Folder.make());
            Map<String, String> circumstances = Machine.describe(folder.path(), tools);
            circumstances.put("load", load);
            circumstances.put(
                    "rounds", rounds + " of " + seconds + " s each, after a warm-up of " + warmUp + " s each");
            System.err.println("starting and filling ...");
            Lineup lineup = start.start(folder.path(), belongings);
            Report report = new Report(circumstances, lineup, measure(lineup.cases()));
            if (json) {
                System.out.println(report.json());
            } else {
                report.print(System.out);
            }
            return report.results().failed() == 0 ? 0 : 1;
        }
    }

    private Results measure(List<Case> cases) throws IOException, InterruptedException {
        System.err.printf(
                Locale.ROOT,
                "%d measurements in each of %d rounds; takes about %d min%n",
                cases.size(),
                rounds,
                Math.round(Math.ceil(cases.size() * (rounds * (seconds + 1.0) + warmUp + 1) / 60)));
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
                "%-14s %-30s %-3s %,9.0f/s %6.1f us%s%s%n",
                when,
                which.subject(),
                which.operation(),
                sample.perSecond(),
                sample.cpuMicros(),
                sample.failed() == 0 ? "" : " failed: " + sample.failed(),
                sample.disturbance().isEmpty() ? "" : " disturbed: " + sample.disturbance());
        return sample;
    }
}
