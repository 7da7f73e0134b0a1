package dev.holdfast.bench;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * All that is measured, each started once; whoever is not being measured idles. Holdfast is always there, since the others give
 * its answers.
 */
final class Lineup {
    private static final Duration TO_START = Duration.ofSeconds(30);
    private static final Duration OVERTIME = Duration.ofSeconds(30);

    /** What a run can measure, in the order of a round. */
    static final List<String> IDS = List.of(
            "holdfast-get",
            "bare-get",
            "inline-get",
            "nginx-get",
            "holdfast-put",
            "bare-put",
            "inline-put",
            "nginx-put",
            "threads-put",
            "committers-put",
            "dead-get",
            "dead-put");

    /** The ids, for the help. */
    static final class Ids implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return IDS.iterator();
        }
    }

    /**
     * How the load is carried.
     *
     * @param launcher the file that starts Holdfast
     * @param door {@code binding} or {@code v1}
     */
    record Terms(Path launcher, String door, int keys, int valueBytes, int connections) {}

    private final Terms terms;
    private final Path folder;
    private final Set<String> wanted;
    private final Belongings belongings;
    private final List<Case> cases = new ArrayList<>();

    private Lineup(Terms terms, Path folder, Set<String> wanted, Belongings belongings) {
        this.terms = terms;
        this.folder = folder;
        this.wanted = wanted;
        this.belongings = belongings;
    }

    static List<Case> start(Terms terms, Path folder, Set<String> wanted, Belongings belongings)
            throws IOException, InterruptedException {
        Lineup lineup = new Lineup(terms, folder, wanted, belongings);
        lineup.start();
        return IDS.stream()
                .flatMap(id -> lineup.cases.stream().filter(each -> each.id().equals(id)))
                .filter(each -> wanted.contains(each.id()))
                .toList();
    }

    private boolean wants(String... ids) {
        return Arrays.stream(ids).anyMatch(wanted::contains);
    }

    private void start() throws IOException, InterruptedException {
        Load load = Load.draw(terms.keys(), terms.valueBytes());
        HoldfastServer holdfast = HoldfastServer.start(terms.launcher(), folder, belongings);
        String namespace = holdfast.createNamespace();
        boolean native1 = terms.door().equals("v1");
        String before = native1 ? "/v1/namespaces/" + namespace + "/values/" : "/kv/" + namespace + "/";
        String after = native1 ? "" : "?urlencoded=true";
        Wrk wrk = Wrk.prepare(folder, terms.connections(), load, holdfast.token(), before, after);
        holdfast.fill(load, before, after);
        Load.Entry entry = load.entries().getFirst();
        String target = before + entry.key() + after;
        Answer get = Answer.of(holdfast.client().require("GET", holdfast.port(), target, ""));
        Answer put = Answer.of(holdfast.client().require("PUT", holdfast.port(), target, entry.value()));
        get.write(folder.resolve("GET"));
        put.write(folder.resolve("PUT"));
        Probe probe = new Probe(holdfast.client(), target, entry.value(), get, put);
        for (String method : List.of("GET", "PUT")) {
            Case.Measured measured = seconds -> wrk.run(holdfast.process(), holdfast.port(), method, seconds);
            String id = method.toLowerCase(Locale.ROOT);
            cases.add(new Case("holdfast-" + id, "Holdfast", method, seconds -> holdfast.healthy(measured, seconds)));
            cases.add(new Case(
                    "dead-" + id,
                    "Holdfast, provider b dead",
                    method,
                    seconds -> holdfast.without("b", measured, seconds)));
        }
        if (wants("bare-get", "bare-put")) {
            bare(wrk, "bare", "virtual", "bare engine, virtual threads", probe);
        }
        if (wants("inline-get", "inline-put")) {
            bare(wrk, "inline", "inline", "bare engine, I/O threads", probe);
        }
        if (wants("nginx-get", "nginx-put")) {
            Nginx nginx = Nginx.start(folder, holdfast.token(), get, put);
            belongings.add(nginx.process());
            add(wrk, nginx.process(), "nginx", "nginx", nginx.getPort(), nginx.putPort(), probe);
        }
        if (wants("threads-put", "committers-put")) {
            raw();
        }
    }

    private void bare(Wrk wrk, String id, String threads, String label, Probe probe)
            throws IOException, InterruptedException {
        List<String> command = Java.command(
                BareEngine.class,
                threads,
                folder.toString(),
                folder.resolve("holdfast-data").toString());
        Child child = belongings.add(Child.talking(id, folder, command));
        int port = Integer.parseInt(child.line(TO_START));
        add(wrk, child, id, label, port, port, probe);
    }

    private void add(Wrk wrk, Child child, String id, String label, int getPort, int putPort, Probe probe)
            throws IOException, InterruptedException {
        probe.check(child, getPort, putPort);
        cases.add(new Case(id + "-get", label, "GET", seconds -> wrk.run(child, getPort, "GET", seconds)));
        cases.add(new Case(id + "-put", label, "PUT", seconds -> wrk.run(child, putPort, "PUT", seconds)));
    }

    private void raw() throws IOException {
        Path databases = Files.createDirectories(folder.resolve("raw"));
        List<String> command =
                Java.command(RawStorage.class, databases.toString(), folder.toString(), terms.connections() + "");
        Child child = belongings.add(Child.talking("raw", folder, command));
        child.line(TO_START);
        cases.add(new Case(
                "threads-put", "raw storage, RocksDB groups", "PUT", seconds -> raw(child, "threads", seconds)));
        cases.add(new Case(
                "committers-put", "raw storage, committers", "PUT", seconds -> raw(child, "committers", seconds)));
    }

    private static Sample raw(Child child, String way, int seconds) throws IOException {
        long before = child.cpuMicros();
        child.say(way + " " + seconds);
        String[] words = child.line(Duration.ofSeconds(seconds).plus(OVERTIME)).split(" ", -1);
        double operations = Double.parseDouble(words[0]);
        return new Sample(
                operations / Double.parseDouble(words[1]) * 1e9,
                (child.cpuMicros() - before) / Math.max(1, operations),
                0,
                Long.parseLong(words[2]),
                Long.parseLong(words[3]),
                0,
                "");
    }

    /** Makes sure that all servers give the same answers, and none without the token. */
    private record Probe(Client client, String target, String value, Answer get, Answer put) {
        void check(Child child, int getPort, int putPort) throws IOException, InterruptedException {
            Client.await(child, "answer", TO_START, () -> {
                client.send("GET", getPort, target, "");
                return true;
            });
            same(child, get, client.send("GET", getPort, target, ""));
            same(child, put, client.send("PUT", putPort, target, value));
            try (Client nobody = new Client("")) {
                int status = nobody.send("GET", getPort, target, "").statusCode();
                if (status != 401) {
                    throw child.failure("answers " + status + " without a token");
                }
            }
        }

        private static void same(Child child, Answer expected, HttpResponse<byte[]> response) throws IOException {
            Answer answer = Answer.of(response);
            if (response.statusCode() != 200
                    || answer.body().length() != expected.body().length()
                    || answer.headers().size() != expected.headers().size()) {
                throw child.failure(
                        "answers " + response.statusCode() + " " + answer + ", not as Holdfast: " + expected);
            }
        }
    }
}
