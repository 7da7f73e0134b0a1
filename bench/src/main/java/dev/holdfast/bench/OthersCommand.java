package dev.holdfast.bench;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What users would pick instead. */
@Command(
        name = "others",
        description = {
            "Reads of the same values from what could be picked instead: Miniflare's KV behind a Worker, etcd by its"
                    + " HTTP gateway and by gRPC, Redis by its own protocol. Each checks who asks.",
            "Only what the chosen ones need has to be installed."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpAutoWidth = true,
        showDefaultValues = true)
final class OthersCommand implements Callable<Integer> {
    @Mixin
    private Pace pace = new Pace(5, 10);

    @Option(names = "--connections", description = "Connections, each with one request under way.")
    private int connections = 64;

    @Option(names = "--keys", description = "Keys.")
    private int keys = 10_000;

    @Option(names = "--value-bytes", description = "Bytes of a value.")
    private int valueBytes = 288;

    @Option(names = "--pipeline", description = "Commands sent at once on a connection where Redis is pipelined.")
    private int pipeline = 16;

    @Option(
            names = "--only",
            split = ",",
            completionCandidates = Ids.class,
            description = "Measure only these of ${COMPLETION-CANDIDATES}.",
            showDefaultValue = CommandLine.Help.Visibility.NEVER)
    private List<String> only = Others.IDS;

    /** The ids, for the help. */
    static final class Ids implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Others.IDS.iterator();
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        pace.positive(List.of(connections, keys, valueBytes, pipeline));
        if (!Others.IDS.containsAll(only)) {
            throw pace.wrong("--only takes any of " + String.join(", ", Others.IDS));
        }
        Others others = new Others(Pace.launcher(), only, keys, valueBytes, connections, pipeline);
        String load = String.format(
                Locale.ROOT,
                "%d connections, %d-byte values, %,d keys by Zipf's law; from Redis all keys alike, by gRPC one key",
                connections,
                valueBytes,
                keys);
        return pace.run(others.tools(), load, others::start);
    }
}
