package dev.holdfast.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Reads answered from near with few and many connections and with small and large values. */
@Command(
        name = "scale",
        description =
                "Reads that are answered from near, for every combination of value size, connections and pipelining:"
                        + " Holdfast, its own HTTP engine and nginx, all over HTTP/1.1.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpAutoWidth = true,
        showDefaultValues = true)
final class ScaleCommand implements Callable<Integer> {
    @Mixin
    private Pace pace = new Pace(3, 3);

    @Option(names = "--connections", split = ",", description = "Keep-alive connections.")
    private List<Integer> connections = List.of(1, 8, 64, 512);

    @Option(names = "--value-bytes", split = ",", description = "Bytes of a value.")
    private List<Integer> valueBytes = List.of(288, 4 << 10, 1 << 20);

    @Option(
            names = "--pipeline",
            split = ",",
            description = "Requests sent at once on a connection; 1 for no pipelining.")
    private List<Integer> pipeline = List.of(1, 16);

    @Option(names = "--door", description = "The door of Holdfast: binding, v1, rest or miniflare.")
    private String door = "binding";

    @Override
    public Integer call() throws IOException, InterruptedException {
        pace.positive(connections);
        pace.positive(valueBytes);
        pace.positive(pipeline);
        if (!Entrance.names().contains(door)) {
            throw pace.wrong("--door is one of " + String.join(", ", Entrance.names()));
        }
        HotReads.Scale lineup =
                new HotReads.Scale(Pace.launcher(), Entrance.named(door), valueBytes, connections, pipeline);
        String load = String.format(
                Locale.ROOT,
                "%s door; as many keys by Zipf's law as make up 12 MiB, at most 10,000; the numbers of connections and"
                        + " requests at once stand in the table",
                door);
        return pace.run(List.of(Tool.WRK, Tool.NGINX), load, lineup::start);
    }
}
