package dev.holdfast.integration.moving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.drill.Load;
import dev.holdfast.cli.drill.Tally;
import dev.holdfast.cli.drill.Traffic;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Json;
import dev.holdfast.integration.harness.Awaiting;
import dev.holdfast.integration.harness.Checks;
import dev.holdfast.integration.harness.CommandLine;
import dev.holdfast.integration.harness.HoldfastServer;
import dev.holdfast.integration.harness.Profile;
import dev.holdfast.integration.harness.Providers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** A store of one node that is moved under a load which holds every answer against what may be. For one thread. */
final class Moved implements AutoCloseable {
    private static final Duration WITHIN = Duration.ofMinutes(Profile.number("homes.minutes", 1, 30));
    private static final int MOST_LOOKS = 3;
    /** The node itself was away; whoever has two of them asks the other. Anything else has a status. */
    private static final Pattern NODE_AWAY = Pattern.compile("[a-z ]+: (?!\\d{3} ).*");

    final HoldfastServer node;
    private final Path directory;
    private final List<String> from;
    private final List<String> to;
    private final Tally tally = new Tally();
    private Load load;
    private String namespace = "";
    private int runs;
    private long begun;
    private int nodeKills;

    /** @param before the configuration of those that leave; @param after that of all */
    Moved(Path directory, String before, List<String> from, List<String> to) throws Exception {
        this.directory = directory;
        this.from = from;
        this.to = to;
        this.node = new HoldfastServer(directory).configured(before);
    }

    /** Starts it and writes every key once, then reads and writes go on. */
    void fill(Traffic traffic) throws Exception {
        node.start();
        namespace = node.makeNamespace("moved");
        load = new Load(traffic, node.store(), namespace, tally);
        load.warm();
        load.start();
    }

    /** Says in the configuration what is to come, and begins. */
    void configure(String after) throws Exception {
        node.configured(after);
        begun = System.nanoTime();
    }

    CommandLine person() throws Exception {
        return CommandLine.of(node);
    }

    Migrator migrate(String shadow) throws Exception {
        List<String> command = List.of(
                "migrate", "start", "--from", String.join(",", from), "--to", String.join(",", to), "--shadow", shadow);
        return new Migrator(person(), command, directory.resolve("migrator-" + ++runs + ".log"));
    }

    /** Begins once more, waits until it has come so far, and kills it. */
    void killAfter(String step, String provider) throws Exception {
        try (Migrator migrator = migrate("1s")) {
            migrator.awaitStep(step, provider);
            migrator.kill();
        }
    }

    /** kill -9 of the node, and a start on what that left. */
    void killNode() throws Exception {
        node.kill();
        node.start();
        nodeKills++;
    }

    void fail(String provider) {
        Api control = node.control();
        if (control.get("/v1/providers/" + provider).ok()) {
            control.require(control.send(
                    "PUT", "/v1/providers/" + provider + "/fault", Json.object().put("mode", "error")));
        }
    }

    /** Goes through what is left of it, and holds what there is against what was promised. */
    void endsWell(String what) throws Exception {
        try (Migrator migrator = migrate("2s")) {
            assertThat(migrator.await()).as(migrator.said()).isZero();
            System.out.println(migrator.said());
        }
        long took = (System.nanoTime() - begun) / 1_000_000;
        load.stop();
        List<String> lost = load.readBack();
        JsonNode homes = homes();
        System.out.println(what + ": " + homes.path("keys").asLong(0) + " keys moved in " + took + " ms, "
                + homes.path("keys").asLong(0) * 1_000 / took + " a second, the migrator killed " + (runs - 1)
                + " times, the node " + nodeKills + " times; " + tally.okay() + " requests answered, "
                + tally.acknowledgedWrites() + " writes acknowledged, " + lost.size() + " lost, "
                + tally.wrongAnswers() + " wrong answers; not answered " + tally.failures());
        assertThat(lost).as("acknowledged writes that are not there").isEmpty();
        Checks.noAnswerWasWrong(tally);
        assertThat(tally.failures().keySet())
                .as("requests that a node refused which was there")
                .allMatch(reason -> NODE_AWAY.matcher(reason).matches());
        assertThat(names()).containsExactlyInAnyOrderElementsOf(to);
        assertThat(homes.path("short").asLong(-1)).as(homes.toString()).isZero();
        JsonNode digests = homes.path("digests");
        for (String name : to) {
            assertThat(digests.path(name)).as(homes.toString()).isEqualTo(digests.path(to.getFirst()));
        }
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        JsonNode answer =
                node.control().require(node.control().get("/v1/providers")).json();
        answer.path("providers").forEach(one -> names.add(Json.text(one, "name", "")));
        return names;
    }

    /** One that was late for a moment, as after every key has been read back, is missing from a look that was taken meanwhile. */
    private JsonNode homes() throws InterruptedException {
        JsonNode found = look();
        for (int i = 1; i < MOST_LOOKS && !found.path("unanswered").isEmpty(); i++) {
            found = look();
        }
        return found;
    }

    private JsonNode look() throws InterruptedException {
        Api control = node.control();
        new Providers(control).awaitWhole(WITHIN);
        control.require(control.send("POST", "/v1/homes", Json.object()));
        return Awaiting.until(
                        WITHIN,
                        "the homes of keys are counted",
                        () -> control.require(control.get("/v1/homes")).json(),
                        answer -> !answer.path("running").asBoolean(true))
                .path("found");
    }

    @Override
    public void close() {
        try {
            if (load != null) {
                load.stop();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            node.close();
        }
    }
}
