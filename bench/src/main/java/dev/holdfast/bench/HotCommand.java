package dev.holdfast.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Reads answered from near: each door, each protocol. */
@Command(
        name = "hot",
        description = {
            "Reads that are answered from near, through each door: Holdfast, its own HTTP engine answering the same"
                + " bytes after the same check of the token, on the thread that reads the connection, and nginx doing"
                + " so.",
            "HTTP/1.1 by wrk, HTTP/2 by h2load. Miniflare's door is measured over HTTP/1.1 only, which is what its"
                    + " client speaks."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpAutoWidth = true,
        showDefaultValues = true)
final class HotCommand implements Callable<Integer> {
    @Mixin
    private Pace pace = new Pace(5, 10);

    @Option(names = "--doors", split = ",", description = "The doors of Holdfast.")
    private List<String> doors = Entrance.names();

    @Option(
            names = "--protocols",
            split = ",",
            description =
                    "http1; pipelined, which is HTTP/1.1 too; h2c, which is HTTP/2 in the clear; h2, which is HTTP/2"
                            + " over TLS.")
    private List<String> protocols = Protocol.names();

    @Option(
            names = "--connections",
            description = "Connections of HTTP/1.1. HTTP/2 has fewer, with as many requests under way together.")
    private int connections = 64;

    @Option(names = "--pipeline", description = "Requests sent at once on a pipelined connection.")
    private int pipeline = 16;

    @Option(names = "--streams", description = "Requests under way on a connection of HTTP/2.")
    private int streams = 8;

    @Option(names = "--value-bytes", description = "Bytes of a value.")
    private int valueBytes = 288;

    @Option(names = "--keys", description = "Keys, 0 for as many as stay near, up to 10,000.")
    private int keys = 0;

    @Override
    public Integer call() throws IOException, InterruptedException {
        pace.positive(List.of(connections, pipeline, streams, valueBytes));
        if (!Entrance.names().containsAll(doors)) {
            throw pace.wrong("--doors takes any of " + String.join(", ", Entrance.names()));
        }
        if (!Protocol.names().containsAll(protocols)) {
            throw pace.wrong("--protocols takes any of " + String.join(", ", Protocol.names()));
        }
        HotReads.Doors lineup = new HotReads.Doors(
                Pace.launcher(),
                doors.stream().map(Entrance::named).toList(),
                protocols.stream().map(Protocol::named).toList(),
                valueBytes,
                keys > 0 ? keys : HotReads.keys(valueBytes),
                connections,
                pipeline,
                streams);
        List<Tool> tools = new ArrayList<>(List.of(Tool.WRK, Tool.NGINX));
        if (lineup.protocols().stream().anyMatch(Protocol::http2)) {
            tools.addAll(List.of(Tool.H2LOAD, Tool.NGHTTP));
        }
        String load = String.format(
                Locale.ROOT,
                "%d-byte values, %,d keys by Zipf's law; %d keep-alive connections of HTTP/1.1, %d requests at once"
                        + " where pipelined; %d of HTTP/2 with %d streams each",
                valueBytes,
                lineup.keys(),
                connections,
                pipeline,
                Math.max(1, connections / streams),
                streams);
        return pace.run(tools, load, lineup::start);
    }
}
