package dev.holdfast.bench;

import dev.holdfast.bench.Answer.Header;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The load generator for HTTP/2: h2load with one thread.
 *
 * @param folder where its log goes
 * @param targets the file with the targets of the requests
 * @param headers of every request
 * @param body the file that every request carries; null for none
 * @param length bytes of the body that each answer must have
 * @param streams requests under way on a connection
 */
record H2load(
        Path folder,
        Path targets,
        List<Header> headers,
        @Nullable Path body,
        int length,
        int connections,
        int streams) {
    private static final Duration OVERTIME = Duration.ofSeconds(30);
    /** h2load makes all requests before it sends the first one; more would take its memory and no less be Zipf's law. */
    private static final int TARGETS = 1 << 14;

    /**
     * @param id names the targets among all in the folder
     * @param ask the request for an entry; only its target may depend on the entry
     */
    static H2load prepare(
            Path folder, String id, Load load, Function<Load.Entry, Ask> ask, int length, int connections, int streams)
            throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < Math.min(TARGETS, load.draws().length); i++) {
            lines.add(ask.apply(load.drawn(i)).target());
        }
        Path targets = Files.write(folder.resolve(id + ".targets"), lines);
        List<Header> headers = ask.apply(load.drawn(0)).headers();
        return new H2load(folder, targets, headers, null, length, connections, streams);
    }

    /**
     * Measures for so many seconds, and for another one in which h2load writes every answer down, since it keeps no percentiles: that
     * would slow it down.
     *
     * @param base such as {@code http://127.0.0.1:4653}
     */
    Sample run(Child server, String base, int seconds) throws IOException, InterruptedException {
        long before = server.cpuMicros();
        long generatorBefore = Machine.endedMicros();
        Summary counted = load(server, base, seconds, List.of());
        long cpu = server.cpuMicros() - before;
        long generator = Machine.endedMicros() - generatorBefore;
        Path log = folder.resolve("h2load.answers");
        Files.deleteIfExists(log);
        Summary timed = load(server, base, 1, List.of("--log-file=" + log));
        long[] micros = latencies(Files.readAllLines(log));
        double each = Math.max(1, counted.done);
        return new Sample(
                counted.perSecond,
                cpu / each,
                generator / each,
                at(micros, 0.50),
                at(micros, 0.99),
                counted.failed(length) + timed.failed(length),
                "");
    }

    private Summary load(Child server, String base, int seconds, List<String> more)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "h2load",
                "--threads=1",
                "--clients=" + connections,
                "--max-concurrent-streams=" + streams,
                "--duration=" + seconds,
                "--base-uri=" + base,
                "--input-file=" + targets));
        headers.forEach(
                header -> command.add("--header=" + header.name().toLowerCase(Locale.ROOT) + ": " + header.value()));
        if (body != null) {
            command.add("--data=" + body);
        }
        command.addAll(more);
        try (Child h2load = Child.silent("h2load", folder, command, Map.of())) {
            h2load.finish(Duration.ofSeconds(seconds).plus(OVERTIME));
            server.requireAlive();
            return Summary.of(Files.readString(folder.resolve("h2load.log")));
        }
    }

    /**
     * What h2load says at its end.
     *
     * @param refused requests that failed, or were answered with a status that is no success
     * @param bytes of the bodies of all answers
     */
    record Summary(double perSecond, long done, long refused, long bytes) {
        private static final Pattern RATE = Pattern.compile("finished in [^,]+, ([0-9.]+) req/s");
        private static final Pattern REQUESTS =
                Pattern.compile("requests: [0-9]+ total, [0-9]+ started, ([0-9]+) done, "
                        + "[0-9]+ succeeded, ([0-9]+) failed, ([0-9]+) errored, ([0-9]+) timeout");
        private static final Pattern TRAFFIC =
                Pattern.compile("headers \\(space savings [^)]*\\), \\S+ \\(([0-9]+)\\) data");

        static Summary of(String said) throws IOException {
            Matcher requests = find(REQUESTS, said);
            // What ended in an error or too late counts as failed too.
            return new Summary(
                    Double.parseDouble(find(RATE, said).group(1)),
                    Long.parseLong(requests.group(1)),
                    Long.parseLong(requests.group(2)),
                    Long.parseLong(find(TRAFFIC, said).group(1)));
        }

        private static Matcher find(Pattern pattern, String said) throws IOException {
            Matcher matcher = pattern.matcher(said);
            if (!matcher.find()) {
                throw new IOException("h2load said nothing of what it measured:\n" + said.strip());
            }
            return matcher;
        }

        /** How many answers did not come, were no success, or must have been too short. */
        long failed(int length) {
            long whole = bytes / Math.max(1, length);
            return Math.max(refused, done - whole);
        }
    }

    /** Reads lines "begin status microseconds"; sorted. */
    static long[] latencies(List<String> lines) {
        return lines.stream()
                .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf('\t') + 1)))
                .sorted()
                .toArray();
    }

    private static long at(long[] sorted, double share) {
        return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1, Math.round(share * sorted.length))];
    }
}
