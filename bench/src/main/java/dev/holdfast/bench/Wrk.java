package dev.holdfast.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The load generator for HTTP/1.1: wrk with one thread, whose script only hands out requests that are made before the clock runs.
 *
 * @param folder of the load's draws and the script
 * @param requests the file with the requests
 * @param depth how many requests are sent on a connection before an answer is waited for
 */
record Wrk(Path folder, Path requests, int connections, int depth) {
    private static final String SCRIPT = "wrk.lua";
    private static final Duration OVERTIME = Duration.ofSeconds(30);

    /**
     * Puts all that the script needs into the folder, where the load has been written to.
     *
     * @param id names the requests among all in the folder
     * @param ask the request for an entry
     */
    static Wrk prepare(Path folder, String id, Load load, Function<Load.Entry, Ask> ask, int connections, int depth)
            throws IOException {
        Path script = folder.resolve(SCRIPT);
        if (Files.notExists(script)) {
            Resource.copy(SCRIPT, script);
        }
        Path requests = folder.resolve(id + ".requests");
        try (OutputStream out = Files.newOutputStream(requests)) {
            for (Load.Entry entry : load.entries()) {
                byte[] bytes = ask.apply(entry).wire().getBytes(StandardCharsets.ISO_8859_1);
                out.write((bytes.length + "\n").getBytes(StandardCharsets.ISO_8859_1));
                out.write(bytes);
            }
        }
        return new Wrk(folder, requests, connections, depth);
    }

    Wrk with(int connections, int depth) {
        return new Wrk(folder, requests, connections, depth);
    }

    Sample run(Child server, int port, int seconds) throws IOException, InterruptedException {
        return run(List.of(), server, port, seconds);
    }

    /** With what the others leave of the processors, as if it came from another machine as far as one machine can show that. */
    Sample runBehind(Child server, int port, int seconds) throws IOException, InterruptedException {
        return run(List.of("chrt", "--idle", "0"), server, port, seconds);
    }

    private Sample run(List<String> before, Child server, int port, int seconds)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                "wrk",
                "--threads=1",
                "--connections=" + connections,
                "--duration=" + seconds + "s",
                "--timeout=10s",
                "--script=" + folder.resolve(SCRIPT),
                "http://127.0.0.1:" + port,
                "--",
                requests.toString(),
                Load.draws(folder).toString(),
                depth + "",
                connections + ""));
        long spent = server.cpuMicros();
        Path log = folder.resolve("wrk.log");
        try (Child wrk = Child.silent("wrk", folder, command, Map.of())) {
            wrk.finish(Duration.ofSeconds(seconds).plus(OVERTIME));
            long cpu = server.cpuMicros() - spent;
            server.requireAlive();
            String line = Files.readAllLines(log).stream()
                    .filter(each -> each.startsWith("measured "))
                    .findFirst()
                    .orElseThrow(() -> wrk.failure("said nothing of what it measured"));
            return sample(line.split(" ", -1), cpu);
        }
    }

    /** Reads "measured requests microseconds median p99 failed processor-microseconds". */
    private static Sample sample(String[] words, long cpu) {
        double requests = Double.parseDouble(words[1]);
        double each = Math.max(1, requests);
        return new Sample(
                requests / Double.parseDouble(words[2]) * 1e6,
                cpu / each,
                Double.parseDouble(words[6]) / each,
                Math.round(Double.parseDouble(words[3])),
                Math.round(Double.parseDouble(words[4])),
                Math.round(Double.parseDouble(words[5])),
                "");
    }
}
