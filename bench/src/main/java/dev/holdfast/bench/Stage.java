package dev.holdfast.bench;

import dev.holdfast.bench.Entrance.Room;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A Holdfast with entries in it, and others that give its answers again. All of them speak TLS, or none does. Whoever is not
 * being measured idles.
 */
final class Stage {
    static final String HOLDFAST = "holdfast";
    static final String VIRTUAL = "bare";
    static final String INLINE = "inline";
    static final String NGINX = "nginx";

    private static final Duration TO_START = Duration.ofSeconds(30);

    private final Path folder;
    private final @Nullable Tls tls;
    private final Belongings belongings;
    private final HoldfastServer holdfast;

    private Stage(Path folder, @Nullable Tls tls, Belongings belongings, HoldfastServer holdfast) {
        this.folder = folder;
        this.tls = tls;
        this.belongings = belongings;
        this.holdfast = holdfast;
    }

    /** @param tls null for none */
    static Stage start(Path launcher, Path folder, @Nullable Tls tls, Belongings belongings)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        return new Stage(folder, tls, belongings, HoldfastServer.start(launcher, folder, tls, belongings));
    }

    HoldfastServer holdfast() {
        return holdfast;
    }

    /** Makes a namespace that holds the load. */
    Room room(String title, Load load) throws IOException, InterruptedException {
        Room room = holdfast.createNamespace(title);
        load.write(folder.resolve(title));
        holdfast.fill(load, entry -> Entrance.BINDING.put(room, entry), entry -> Entrance.BINDING.get(room, entry));
        return room;
    }

    /**
     * Sees what Holdfast answers.
     *
     * @param title of the namespace
     * @param prefix what the targets of all requests begin with
     */
    Site site(String id, String title, Load load, String prefix, Function<Load.Entry, Ask> ask)
            throws IOException, InterruptedException {
        Load.Entry entry = load.entries().getFirst();
        Ask example = ask.apply(entry);
        // What was put is near, but the first answer may still say how it came there.
        holdfast.client().require(holdfast.port(), example);
        Answer answer = Answer.of(holdfast.client().require(holdfast.port(), example));
        if (example.method().equals("GET") && !answer.body().equals(entry.value())) {
            throw holdfast.process().failure("answers " + example.target() + " with " + answer);
        }
        return new Site(folder.resolve(title), load, ask, new Reply(id, example.method(), prefix, answer));
    }

    /** A site whose keys are read through a door from near. */
    Site hot(String id, String title, Load load, Entrance entrance, Room room)
            throws IOException, InterruptedException {
        Site site = site(id, title, load, entrance.prefix(room), entry -> entrance.get(room, entry));
        String status = site.reply().answer().header("CF-Cache-Status").orElse("none");
        if (!status.equals("HIT")) {
            throw holdfast.process().failure(entrance + " answers with CF-Cache-Status " + status + ", not HIT");
        }
        return site;
    }

    Contender itself() {
        return new Contender(HOLDFAST, "Holdfast", holdfast.process(), (_, _) -> holdfast.port());
    }

    /** @param protocols those that are to be tried; HTTP/1.1 always is */
    Contender bare(String id, List<Site> sites, List<Protocol> protocols) throws IOException, InterruptedException {
        Path replies = replies(id, sites);
        List<String> arguments = new ArrayList<>(List.of(
                id.equals(INLINE) ? "inline" : "virtual",
                replies.toString(),
                HoldfastServer.data(folder).toString()));
        if (tls != null) {
            arguments.add(tls.folder().toString());
        }
        List<String> command = Java.command(BareEngine.class, arguments.toArray(String[]::new));
        Child child = belongings.add(Child.talking(id, folder, command));
        int port = Integer.parseInt(child.line(TO_START));
        String label = "bare engine, " + (id.equals(INLINE) ? "I/O threads" : "virtual threads");
        return checked(new Contender(id, label, child, (_, _) -> port), sites, protocols);
    }

    Contender nginx(List<Site> sites, List<Protocol> protocols) throws IOException, InterruptedException {
        Path replies = replies(NGINX, sites);
        Nginx nginx = Nginx.start(
                replies, holdfast.token(), tls, sites.stream().map(Site::reply).toList());
        belongings.add(nginx.process());
        return checked(
                new Contender(
                        NGINX,
                        "nginx",
                        nginx.process(),
                        (site, protocol) -> (protocol.http2() ? nginx.http2() : nginx.http1())
                                .getOrDefault(site.reply().id(), 0)),
                sites,
                protocols);
    }

    private Path replies(String id, List<Site> sites) throws IOException {
        Path replies = Files.createDirectories(folder.resolve(id));
        Reply.write(replies, sites.stream().map(Site::reply).toList());
        return replies;
    }

    /** What to do to measure a contender; requests are made ready by the call. */
    Case.Measured measured(Contender contender, Site site, Protocol protocol, int connections, int depth)
            throws IOException {
        int port = contender.port(site, protocol);
        if (protocol.http2()) {
            H2load h2load = site.h2load(Math.max(1, connections / depth), depth);
            return seconds -> h2load.run(contender.process(), base(port), seconds);
        }
        Wrk wrk = site.wrk(connections, depth);
        return seconds -> wrk.run(contender.process(), port, seconds);
    }

    /** Makes sure that a server gives the same answers as Holdfast, and none without the token. */
    private Contender checked(Contender contender, List<Site> sites, List<Protocol> protocols)
            throws IOException, InterruptedException {
        Child child = contender.process();
        for (Site site : sites) {
            int port = contender.port(site, Protocol.HTTP1);
            try (Client client = new Client("", tls)) {
                Client.await(child, "answer", TO_START, () -> {
                    client.send(port, site.example());
                    return true;
                });
                HttpResponse<byte[]> response = client.send(port, site.example());
                same(child, site, response.statusCode(), Answer.of(response));
                int status = client.send(port, site.example().bare()).statusCode();
                if (status != 401) {
                    throw child.failure("answers " + status + " without a token");
                }
            }
            if (protocols.stream().anyMatch(Protocol::http2)) {
                int port2 = contender.port(site, Protocol.H2C);
                Nghttp.Answered got = new Nghttp(folder).send(base(port2), site.example(), null);
                same(child, site, got.status(), Answer.of(got.headers(), got.body()));
            }
        }
        return contender;
    }

    private static void same(Child child, Site site, int status, Answer answer) throws IOException {
        Answer expected = site.reply().answer();
        if (status != 200 || !answer.like(expected)) {
            throw child.failure("answers " + status + " " + answer.brief() + ", not as Holdfast: " + expected.brief());
        }
    }

    private String base(int port) {
        return holdfast.client().base(port);
    }
}
