package dev.holdfast.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Redis with a password, which every connection gives once, measured by redis-benchmark, which asks for all keys alike often.
 *
 * @param folder for what it says
 */
record Redis(Child process, int port, Path folder, int keys) {
    private static final Duration TO_START = Duration.ofSeconds(30);
    private static final Duration OVERTIME = Duration.ofMinutes(2);
    private static final String PASSWORD = "of-the-bench";
    /** How many a second are assumed before anything is known. */
    private static final long FIRST_GUESS = 20_000;

    static Redis start(Path folder, Load load, Belongings belongings) throws IOException, InterruptedException {
        int port = Ports.free();
        List<String> command = List.of(
                "redis-server",
                "--port",
                port + "",
                "--bind",
                "127.0.0.1",
                "--dir",
                folder.toString(),
                "--save",
                "",
                "--appendonly",
                "no",
                "--requirepass",
                PASSWORD);
        Child process = belongings.add(Child.silent("redis", folder, command, Map.of()));
        Redis redis = new Redis(process, port, folder, load.entries().size());
        Client.await(process, "serve", TO_START, () -> {
            redis.connect().close();
            return true;
        });
        redis.fill(load);
        return redis;
    }

    /** redis-benchmark makes the number of a key twelve digits long. */
    private static String key(int number) {
        return String.format(Locale.ROOT, "object-%012d", number);
    }

    private void fill(Load load) throws IOException {
        List<Load.Entry> entries = load.entries();
        try (Connection connection = connect()) {
            if (!connection.ask("GET", key(0)).startsWith("-NOAUTH")) {
                throw process.failure("answers without a password");
            }
            connection.ask("AUTH", PASSWORD);
            for (int i = 0; i < entries.size(); i++) {
                connection.ask("SET", key(i), entries.get(i).value());
            }
            for (int i : new int[] {0, entries.size() - 1}) {
                if (!connection.ask("GET", key(i)).equals(entries.get(i).value())) {
                    throw process.failure("does not answer with the value of " + key(i));
                }
            }
        }
    }

    private Connection connect() throws IOException {
        return new Connection(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /** @param depth commands sent on a connection before an answer is waited for */
    Case measured(String id, String operation, int connections, int depth) {
        AtomicLong rate = new AtomicLong(FIRST_GUESS);
        return new Case(id, "Redis", operation, seconds -> {
            Sample sample = run(connections, depth, Math.max(connections, rate.get() * seconds));
            rate.set(Math.max(1, Math.round(sample.perSecond())));
            return sample;
        });
    }

    private Sample run(int connections, int depth, long requests) throws IOException, InterruptedException {
        List<String> command = List.of(
                "redis-benchmark",
                "-h",
                "127.0.0.1",
                "-p",
                port + "",
                "-a",
                PASSWORD,
                "-c",
                connections + "",
                "-P",
                depth + "",
                "-n",
                requests + "",
                "-r",
                keys + "",
                "--csv",
                "GET",
                "object-__rand_int__");
        long failures = failures();
        long before = process.cpuMicros();
        long generatorBefore = Machine.endedMicros();
        try (Child generator = Child.silent("redis-benchmark", folder, command, Map.of())) {
            generator.finish(OVERTIME);
        }
        long cpu = process.cpuMicros() - before;
        long generator = Machine.endedMicros() - generatorBefore;
        process.requireAlive();
        Figures figures = Figures.of(Files.readString(folder.resolve("redis-benchmark.log")));
        return new Sample(
                figures.perSecond,
                cpu / (double) requests,
                generator / (double) requests,
                figures.medianMicros,
                figures.p99Micros,
                failures() - failures,
                "");
    }

    /** Reads that found nothing and commands that were refused, so far: redis-benchmark looks at no answer. */
    private long failures() throws IOException {
        try (Connection connection = connect()) {
            connection.ask("AUTH", PASSWORD);
            String stats = connection.ask("INFO", "stats");
            return number(stats, "keyspace_misses") + number(stats, "total_error_replies");
        }
    }

    static long number(String stats, String name) throws IOException {
        Matcher matcher = Pattern.compile("(?m)^" + name + ":([0-9]+)\\s*$").matcher(stats);
        if (!matcher.find()) {
            throw new IOException("Redis says nothing of " + name);
        }
        return Long.parseLong(matcher.group(1));
    }

    /** What redis-benchmark says. */
    record Figures(double perSecond, long medianMicros, long p99Micros) {
        /** Reads "test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms","p95_latency_ms","p99_latency_ms","max_latency_ms". */
        static Figures of(String csv) throws IOException {
            String line = csv.lines()
                    .filter(each -> each.startsWith("\"GET"))
                    .findFirst()
                    .orElseThrow(
                            () -> new IOException("redis-benchmark said nothing of what it measured:\n" + csv.strip()));
            String[] cells = line.replace("\"", "").split(",", -1);
            int last = cells.length - 1;
            return new Figures(Double.parseDouble(cells[last - 6]), micros(cells[last - 3]), micros(cells[last - 1]));
        }

        private static long micros(String millis) {
            return Math.round(Double.parseDouble(millis) * 1e3);
        }
    }

    /** As much of its protocol as it takes to fill it and to look. */
    private record Connection(Socket socket, InputStream in) implements AutoCloseable {
        Connection(Socket socket) throws IOException {
            this(socket, new BufferedInputStream(socket.getInputStream()));
        }

        /** @return the answer; with its first sign when it is an error or a number */
        String ask(String... words) throws IOException {
            StringBuilder command = new StringBuilder("*" + words.length + "\r\n");
            for (String word : words) {
                command.append('$')
                        .append(word.length())
                        .append("\r\n")
                        .append(word)
                        .append("\r\n");
            }
            socket.getOutputStream().write(command.toString().getBytes(StandardCharsets.US_ASCII));
            String line = line();
            if (!line.startsWith("$") || line.equals("$-1")) {
                return line;
            }
            byte[] text = in.readNBytes(Integer.parseInt(line.substring(1)) + 2);
            return new String(text, 0, text.length - 2, StandardCharsets.US_ASCII);
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    throw new IOException("Redis closed the connection");
                }
                line.append((char) c);
            }
            return line.toString().strip();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
