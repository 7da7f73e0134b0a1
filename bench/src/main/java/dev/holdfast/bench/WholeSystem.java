package dev.holdfast.bench;

import dev.holdfast.bench.Entrance.Room;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/** Holdfast beside its own bare parts and nginx: reads, writes, and both with a dead provider. */
final class WholeSystem {
    private static final Duration TO_START = Duration.ofSeconds(30);
    private static final Duration OVERTIME = Duration.ofSeconds(30);
    private static final String TITLE = "bench";
    private static final List<Protocol> PLAIN = List.of(Protocol.HTTP1);

    /** What a run can measure, in the order of a round. */
    static final List<String> IDS = List.of(
            "holdfast-get",
            "confirmed-get",
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

    static final List<Ratio> RATIOS = List.of(
            new Ratio("GET: Holdfast / bare engine, I/O threads", "holdfast-get", List.of("inline-get"), 0.9),
            new Ratio("GET: Holdfast / bare engine, virtual threads", "holdfast-get", List.of("bare-get"), 0),
            new Ratio("GET: Holdfast / nginx", "holdfast-get", List.of("nginx-get"), 0),
            new Ratio("GET: bare engine, I/O threads / nginx", "inline-get", List.of("nginx-get"), 0),
            new Ratio(
                    "GET: Holdfast, confirmed / bare engine, virtual threads",
                    "confirmed-get",
                    List.of("bare-get"),
                    0.5),
            new Ratio(
                    "PUT: Holdfast / lower of raw storage (RocksDB groups) and bare engine",
                    "holdfast-put",
                    List.of("threads-put", "bare-put"),
                    0.6),
            new Ratio(
                    "PUT: Holdfast / lower of raw storage (committers) and bare engine",
                    "holdfast-put",
                    List.of("committers-put", "bare-put"),
                    0.6),
            new Ratio("PUT: Holdfast / nginx", "holdfast-put", List.of("nginx-put"), 0),
            new Ratio("GET: one provider dead / healthy", "dead-get", List.of("holdfast-get"), 0.95),
            new Ratio("PUT: one provider dead / healthy", "dead-put", List.of("holdfast-put"), 0.95));

    /**
     * How the load is carried.
     *
     * @param launcher the file that starts Holdfast
     */
    record Terms(Path launcher, Entrance door, int keys, int valueBytes, int connections) {}

    private final Terms terms;
    private final Path folder;
    private final Set<String> wanted;
    private final Belongings belongings;
    private final List<Case> cases = new ArrayList<>();

    private WholeSystem(Terms terms, Path folder, Set<String> wanted, Belongings belongings) {
        this.terms = terms;
        this.folder = folder;
        this.wanted = wanted;
        this.belongings = belongings;
    }

    static Lineup start(Terms terms, Path folder, Set<String> wanted, Belongings belongings)
            throws IOException, InterruptedException {
        WholeSystem system = new WholeSystem(terms, folder, wanted, belongings);
        system.start();
        return new Lineup(system.cases, RATIOS)
                .only(IDS.stream().filter(wanted::contains).toList());
    }

    private boolean wants(String... ids) {
        return Arrays.stream(ids).anyMatch(wanted::contains);
    }

    private void start() throws IOException, InterruptedException {
        Load load = Load.draw(terms.keys(), terms.valueBytes());
        Stage stage = Stage.start(terms.launcher(), folder, null, belongings);
        Room room = stage.room(TITLE, load);
        Entrance door = terms.door();
        Site get = stage.hot("get", TITLE, load, door, room);
        Site put = stage.site("put", TITLE, load, door.prefix(room), entry -> door.put(room, entry));
        Site confirmed =
                stage.site("confirmed", TITLE, load, Entrance.V1.prefix(room), entry -> confirmed(room, entry));
        List<Site> sites = List.of(get, put);
        HoldfastServer holdfast = stage.holdfast();
        for (Site site : sites) {
            Case.Measured measured = measured(stage, stage.itself(), site);
            boolean reads = site.reply().method().equals("GET");
            add(
                    "holdfast",
                    "Holdfast",
                    site,
                    reads
                            ? seconds -> holdfast.near(measured, seconds)
                            : seconds -> holdfast.healthy(measured, seconds));
            add("dead", "Holdfast, provider b dead", site, seconds -> holdfast.without("b", measured, seconds));
        }
        Case.Measured asked = measured(stage, stage.itself(), confirmed);
        cases.add(new Case("confirmed-get", "Holdfast, confirmed", "GET", seconds -> holdfast.healthy(asked, seconds)));
        for (String id : List.of(Stage.VIRTUAL, Stage.INLINE)) {
            if (wants(id + "-get", id + "-put")) {
                add(stage, stage.bare(id, sites, PLAIN), sites);
            }
        }
        if (wants("nginx-get", "nginx-put")) {
            add(stage, stage.nginx(sites, PLAIN), sites);
        }
        if (wants("threads-put", "committers-put")) {
            raw();
        }
    }

    private static Ask confirmed(Room room, Load.Entry entry) {
        Ask ask = Entrance.V1.get(room, entry);
        return Ask.get(ask.target() + "?mode=confirmed", ask.headers());
    }

    private Case.Measured measured(Stage stage, Contender contender, Site site) throws IOException {
        return stage.measured(contender, site, Protocol.HTTP1, terms.connections(), 1);
    }

    private void add(Stage stage, Contender contender, List<Site> sites) throws IOException {
        for (Site site : sites) {
            add(contender.id(), contender.label(), site, measured(stage, contender, site));
        }
    }

    private void add(String id, String label, Site site, Case.Measured measured) {
        Reply reply = site.reply();
        cases.add(new Case(id + "-" + reply.id(), label, reply.method(), measured));
    }

    private void raw() throws IOException {
        Path databases = Files.createDirectories(folder.resolve("raw"));
        List<String> command = Java.command(
                RawStorage.class, databases.toString(), folder.resolve(TITLE).toString(), terms.connections() + "");
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
}
