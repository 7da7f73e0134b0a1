package dev.holdfast.bench;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures Holdfast beside its own bare parts and nginx, in alternating rounds of one run. */
@Command(
        name = "bench/run",
        description = {
            "Measures Holdfast beside its own HTTP engine, nginx, and its databases written directly: reads, writes,"
                    + " and both with a dead provider.",
            "Each command below measures something else; without one, that."
        },
        synopsisSubcommandLabel = "[hot | scale | others | start | large | neighbours]",
        subcommands = {
            HotCommand.class,
            ScaleCommand.class,
            OthersCommand.class,
            StartCommand.class,
            LargeCommand.class,
            NeighboursCommand.class
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpAutoWidth = true,
        showDefaultValues = true,
        footer = {
            "",
            "Options go behind the command: bench/run hot --rounds 1 --seconds 1 --warm-up 1 shows that everything"
                    + " works.",
            "The report on standard output is Markdown, the progress goes to standard error. Exit code 1 when a"
                    + " request failed."
        })
public final class Bench implements Callable<Integer> {
    @Mixin
    private Pace pace = new Pace(5, 20);

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
            completionCandidates = WholeSystem.Ids.class,
            description = "Measure only these of ${COMPLETION-CANDIDATES}.",
            showDefaultValue = CommandLine.Help.Visibility.NEVER)
    private List<String> only = List.of();

    public static void main(String[] arguments) {
        CommandLine line = new CommandLine(new Bench()).setExecutionExceptionHandler((e, _, _) -> {
            System.err.println("bench/run: " + e.getMessage());
            return 1;
        });
        System.exit(line.execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        pace.positive(List.of(connections, keys, valueBytes));
        if (!List.of("binding", "v1").contains(door)) {
            throw pace.wrong("--door is binding or v1, not " + door);
        }
        if (!WholeSystem.IDS.containsAll(only)) {
            throw pace.wrong("--only takes any of " + String.join(", ", WholeSystem.IDS));
        }
        Set<String> wanted = new LinkedHashSet<>(only.isEmpty() ? WholeSystem.IDS : only);
        String load = String.format(
                Locale.ROOT,
                "%d keep-alive connections, %d-byte values, %,d keys by Zipf's law, %s door, durability 2",
                connections,
                valueBytes,
                keys,
                door);
        WholeSystem.Terms terms =
                new WholeSystem.Terms(Pace.launcher(), Entrance.named(door), keys, valueBytes, connections);
        return pace.run(
                List.of(Tool.WRK, Tool.NGINX),
                load,
                (folder, belongings) -> WholeSystem.start(terms, folder, wanted, belongings));
    }
}
