package dev.holdfast.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The load generator: wrk with one thread, whose script only hands out requests that are made before the clock runs.
 *
 * @param folder where the script finds the load and the token
 */
record Wrk(Path folder, int connections) {
    private static final String SCRIPT = "wrk.lua";
    private static final Duration OVERTIME = Duration.ofSeconds(30);

    /**
     * Puts all that the script needs into the folder.
     *
     * @param before what comes before a key in a request's target
     * @param after what comes after it
     */
    static Wrk prepare(Path folder, int connections, Load load, String token, String before, String after)
            throws IOException {
        try (InputStream script = Wrk.class.getResourceAsStream(SCRIPT)) {
            if (script == null) {
                throw new UncheckedIOException(new IOException(SCRIPT + " is missing from the archive"));
            }
            Files.copy(script, folder.resolve(SCRIPT));
        }
        load.write(folder);
        Files.write(folder.resolve("request"), List.of(token, before, after));
        return new Wrk(folder, connections);
    }

    Sample run(Child server, int port, String method, int seconds) throws IOException, InterruptedException {
        List<String> command = List.of(
                "wrk",
                "--threads=1",
                "--connections=" + connections,
                "--duration=" + seconds + "s",
                "--timeout=10s",
                "--script=" + folder.resolve(SCRIPT),
                "http://127.0.0.1:" + port,
                "--",
                method,
                folder.toString());
        long before = server.cpuMicros();
        Path log = folder.resolve("wrk.log");
        try (Child wrk = Child.silent("wrk", folder, command, Map.of())) {
            wrk.finish(Duration.ofSeconds(seconds).plus(OVERTIME));
            long cpu = server.cpuMicros() - before;
            if (!server.alive()) {
                throw server.failure("ended while it was measured");
            }
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
