package dev.holdfast.bench;

import dev.holdfast.bench.Entrance.Room;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads that are answered from near, through each door and over each protocol, beside the bare engine and nginx with the same answers.
 */
final class HotReads {
    static final double TARGET = 0.9;

    private static final String TITLE = "bench";
    /** What the near cache keeps in memory together; a default node has 64 MiB for it. */
    private static final int LOAD_BYTES = 12 << 20;

    private static final int MOST_KEYS = 10_000;

    private HotReads() {}

    /** As many keys as stay near for certain. */
    static int keys(int valueBytes) {
        return Math.clamp(LOAD_BYTES / valueBytes, 1, MOST_KEYS);
    }

    /**
     * What is asked how.
     *
     * @param launcher the file that starts Holdfast
     * @param connections those of HTTP/1.1; HTTP/2 has fewer, with as many requests under way together
     * @param depth requests sent at once on a pipelined connection
     * @param streams requests under way on a connection of HTTP/2
     */
    record Doors(
            Path launcher,
            List<Entrance> doors,
            List<Protocol> protocols,
            int valueBytes,
            int keys,
            int connections,
            int depth,
            int streams) {

        Lineup start(Path folder, Belongings belongings) throws IOException, InterruptedException {
            List<Protocol> plain =
                    protocols.stream().filter(each -> each != Protocol.H2).toList();
            List<Lineup> parts = new ArrayList<>();
            if (!plain.isEmpty()) {
                parts.add(part(Stage.start(launcher, folder.resolve("plain"), null, belongings), plain));
            }
            if (protocols.contains(Protocol.H2)) {
                Tls tls = Tls.make(Files.createDirectories(folder.resolve("certificate")));
                Stage stage = Stage.start(launcher, folder.resolve("tls"), tls, belongings);
                parts.add(part(stage, List.of(Protocol.H2)));
            }
            return new Lineup(
                    parts.stream().flatMap(part -> part.cases().stream()).toList(),
                    parts.stream().flatMap(part -> part.ratios().stream()).toList());
        }

        private Lineup part(Stage stage, List<Protocol> protocols) throws IOException, InterruptedException {
            Load load = Load.draw(keys, valueBytes);
            Room room = stage.room(TITLE, load);
            List<Site> sites = new ArrayList<>();
            for (Entrance door : doors) {
                if (protocols.stream().anyMatch(door.protocols()::contains)) {
                    sites.add(stage.hot(door.toString(), TITLE, load, door, room));
                }
            }
            Comparison comparison = new Comparison(stage, sites, protocols);
            for (Protocol protocol : protocols) {
                for (Site site : sites) {
                    String door = site.reply().id();
                    if (Entrance.named(door).protocols().contains(protocol)) {
                        int at = protocol == Protocol.PIPELINED ? depth : protocol.http2() ? streams : 1;
                        comparison.add(
                                door + "-" + protocol, door + ", " + protocol.title(), site, protocol, connections, at);
                    }
                }
            }
            return comparison.lineup();
        }
    }

    /**
     * What is asked with how many connections.
     *
     * @param launcher the file that starts Holdfast
     * @param depths requests sent at once on a connection
     */
    record Scale(
            Path launcher, Entrance door, List<Integer> valueBytes, List<Integer> connections, List<Integer> depths) {

        Lineup start(Path folder, Belongings belongings) throws IOException, InterruptedException {
            Stage stage = Stage.start(launcher, folder.resolve("plain"), null, belongings);
            List<Site> sites = new ArrayList<>();
            for (int bytes : valueBytes) {
                Load load = Load.draw(keys(bytes), bytes);
                Room room = stage.room("of-" + bytes, load);
                sites.add(stage.hot(bytes + "", "of-" + bytes, load, door, room));
            }
            Comparison comparison = new Comparison(stage, sites, List.of(Protocol.HTTP1));
            for (Site site : sites) {
                for (int depth : depths) {
                    for (int count : connections) {
                        String what = String.format(
                                Locale.ROOT,
                                "%s, %d connection%s, %s",
                                size(site.reply().answer().body().length()),
                                count,
                                count == 1 ? "" : "s",
                                depth == 1 ? "one at a time" : depth + " at once");
                        String id = site.reply().id() + "-" + count + "-" + depth;
                        comparison.add(id, what, site, Protocol.HTTP1, count, depth);
                    }
                }
            }
            return comparison.lineup();
        }
    }

    static String size(int bytes) {
        if (bytes >= 1 << 20 && bytes % (1 << 20) == 0) {
            return (bytes >> 20) + " MiB";
        }
        return bytes >= 1 << 10 && bytes % (1 << 10) == 0 ? (bytes >> 10) + " KiB" : bytes + " B";
    }

    /** Holdfast, the bare engine on its I/O threads, and nginx, one after the other for each way to ask. */
    private static final class Comparison {
        private final Stage stage;
        private final List<Contender> contenders;
        private final List<Case> cases = new ArrayList<>();
        private final List<Ratio> ratios = new ArrayList<>();

        Comparison(Stage stage, List<Site> sites, List<Protocol> protocols) throws IOException, InterruptedException {
            this.stage = stage;
            this.contenders =
                    List.of(stage.itself(), stage.bare(Stage.INLINE, sites, protocols), stage.nginx(sites, protocols));
        }

        void add(String id, String what, Site site, Protocol protocol, int connections, int depth) throws IOException {
            for (Contender contender : contenders) {
                Case.Measured measured = stage.measured(contender, site, protocol, connections, depth);
                boolean ours = contender.id().equals(Stage.HOLDFAST);
                cases.add(new Case(
                        contender.id() + "-" + id,
                        contender.label(),
                        what,
                        ours ? seconds -> stage.holdfast().near(measured, seconds) : measured));
            }
            String holdfast = Stage.HOLDFAST + "-" + id;
            String bare = Stage.INLINE + "-" + id;
            String nginx = Stage.NGINX + "-" + id;
            ratios.add(new Ratio(what + ": Holdfast / bare engine", holdfast, List.of(bare), TARGET));
            ratios.add(new Ratio(what + ": Holdfast / nginx", holdfast, List.of(nginx), 0));
            ratios.add(new Ratio(what + ": bare engine / nginx", bare, List.of(nginx), 0));
        }

        Lineup lineup() {
            return new Lineup(cases, ratios);
        }
    }
}
