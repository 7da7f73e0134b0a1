package dev.holdfast.cli.command;

import dev.holdfast.cli.Connection;
import dev.holdfast.cli.Progress;
import dev.holdfast.cli.Shell;
import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.moving.Look;
import dev.holdfast.cli.moving.Migration;
import dev.holdfast.cli.moving.Move;
import dev.holdfast.cli.moving.NodeAt;
import dev.holdfast.cli.moving.NodeAt.Seen;
import dev.holdfast.cli.moving.Prediction;
import dev.holdfast.cli.moving.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code holdfast migrate …}. */
public final class MigrateCommands {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private MigrateCommands() {}

    /** From where to where, at which nodes. */
    @Command
    abstract static class OfAMove extends Remote {
        @Option(names = "--from", split = ",", paramLabel = "A,B", description = "Providers that leave.")
        private List<String> from = List.of();

        @Option(names = "--to", split = ",", required = true, paramLabel = "C,D", description = "Those that come.")
        private List<String> to = List.of();

        @Option(
                names = "--shadow",
                defaultValue = "10s",
                paramLabel = "TIME",
                description = {
                    "How long those that come are asked beside the others, with no answer that is older, before their"
                            + " word counts.",
                    "Default: ${DEFAULT-VALUE}"
                })
        private String shadow = "10s";

        @Mixin
        private final AtNodes nodes = new AtNodes();

        OfAMove(Shell shell) {
            super(shell);
        }

        final Move move() {
            return new Move(from, to, Durations.parse("--shadow", shadow), PATIENCE);
        }

        final List<NodeAt> nodes() {
            return nodes.all(connection).stream()
                    .map(node -> new NodeAt(connection.api(node, Connection.DEADLINE)))
                    .toList();
        }

        /** The most that a namespace asks for. */
        final int durability() {
            try (Api store = connection.store()) {
                int most = 1;
                for (JsonNode namespace : Namespaces.all(store, false)) {
                    most = Math.max(most, namespace.path("durability").asInt(1));
                }
                return most;
            }
        }
    }

    @Command(
            name = "plan",
            description =
                    "Prints the steps of a move, and how long each would take, from the number of keys and from how"
                            + " fast the last comparison was. Looks at every key; changes nothing.",
            footer = {"%nExample:", "  holdfast migrate plan --from a,b --to c,d"})
    public static final class Plan extends OfAMove {
        public Plan(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            Move move = move();
            List<NodeAt> nodes = nodes();
            try {
                Api control = nodes.getFirst().control();
                List<Seen> providers = nodes.getFirst().providers();
                Prediction.requirePossible(move, providers, durability());
                Look look = Look.lately(control, Optional.empty())
                        .orElseGet(() -> Looking.at(shell, control, Optional.empty()));
                Prediction prediction = Prediction.of(
                        move,
                        nodes.size(),
                        look,
                        control.require(control.get("/v1/compare")).json());
                if (connection.json()) {
                    document(prediction.json());
                } else {
                    prediction.sentences().forEach(this::say);
                }
            } finally {
                nodes.forEach(node -> node.control().close());
            }
        }
    }

    @Command(
            name = "start",
            description = {
                "Goes through the steps of a move, at every node that is named: add, backfill, shadow reads, verify by"
                        + " digest, promote, demote, drain, remove. Reads and writes go on all the while.",
                "When it is stopped or killed, or a node is: say the same again. Each step looks at what the nodes say,"
                        + " and does what is left of it. Refused when keys would end with fewer homes than their"
                        + " namespace's durability."
            },
            footer = {
                "%nExample:",
                "  holdfast migrate start --from a,b --to c,d",
                "  holdfast migrate start --from a,b --to c,d \\",
                "    --also http://10.0.0.2:4654"
            })
    public static final class Start extends OfAMove {
        public Start(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            Move move = move();
            List<NodeAt> nodes = nodes();
            long begun = System.nanoTime();
            try (Told told = new Told(this, nodes.size() > 1)) {
                new Migration(nodes, move, this::durability, told).run();
            } finally {
                nodes.forEach(node -> node.control().close());
            }
            String took = Words.duration((System.nanoTime() - begun) / 1_000_000);
            if (!connection.json()) {
                say("Done in " + took + "."
                        + (move.from().isEmpty()
                                ? ""
                                : " Take " + String.join(" and ", move.from()) + " out of the configuration as well;"
                                        + " what lies there is yours to delete."));
            }
        }
    }

    /** Shows each step as a line, and what takes long as a bar. */
    private static final class Told implements Migration.Telling, AutoCloseable {
        private final Remote command;
        private final boolean several;
        private @Nullable Progress progress;

        /** @param several whether it has to be said at which node */
        Told(Remote command, boolean several) {
            this.command = command;
            this.several = several;
        }

        @Override
        public void step(String step, String provider, String node, String sentence) {
            progressEnds();
            if (command.connection.json()) {
                command.line(Json.object()
                        .put("step", step)
                        .put("provider", provider)
                        .put("node", node)
                        .put("said", sentence));
            } else {
                command.say(String.format("%-9s %s: %s", step, provider, sentence)
                        + (several && !node.isEmpty() ? " (" + node + ")" : ""));
            }
            command.shell.out().flush();
        }

        @Override
        public void progress(String task, String unit, long at, long of) {
            Progress shown = progress;
            if (shown == null) {
                shown = new Progress(command.shell, task, unit, of);
                progress = shown;
            }
            shown.at(at);
        }

        @Override
        public void progressEnds() {
            if (progress != null) {
                progress.close();
                progress = null;
            }
        }

        @Override
        public void close() {
            progressEnds();
        }
    }

    @Command(
            name = "status",
            description = "Says how far a move is, from what the nodes say: nothing of it is kept anywhere else.",
            footer = {"%nExample:", "  holdfast migrate status --from a,b --to c,d"})
    public static final class Where extends OfAMove {
        public Where(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            Move move = move();
            List<NodeAt> nodes = nodes();
            try {
                Map<String, List<Seen>> seen = Migration.seen(nodes);
                if (seen.isEmpty()) {
                    throw new Failure(Failure.NOT_REACHABLE, "No node answers.");
                }
                Standing standing = Standing.of(move, seen.values());
                List<String> away = new ArrayList<>();
                nodes.forEach(node -> {
                    if (!seen.containsKey(node.name())) {
                        away.add(node.name());
                    }
                });
                if (connection.json()) {
                    document(json(standing, seen, away));
                    return;
                }
                say("Next: " + standing.label() + ". " + standing.sentence());
                seen.forEach((node, providers) -> {
                    say(node);
                    for (String name : all(move)) {
                        say("  " + name + ": " + line(providers, name));
                    }
                });
                away.forEach(node -> say(node + " does not answer."));
            } finally {
                nodes.forEach(node -> node.control().close());
            }
        }

        private static List<String> all(Move move) {
            List<String> all = new ArrayList<>(move.to());
            all.addAll(move.from());
            return all;
        }

        private static String line(List<Seen> providers, String name) {
            return providers.stream()
                    .filter(seen -> seen.name().equals(name))
                    .map(seen -> seen.role() + ", " + seen.state() + (seen.complete() ? ", holds all" : "")
                            + (seen.hints() > 0 ? ", " + seen.hints() + " writes wait for it" : "")
                            + (seen.serves() || seen.complete() ? "" : ", " + seen.comparedKeys() + " keys compared")
                            + (seen.serves()
                                    ? ""
                                    : ", " + seen.disagreed() + " of " + seen.shadowed() + " shadow reads older"))
                    .findFirst()
                    .orElse("not in use");
        }

        private static ObjectNode json(Standing standing, Map<String, List<Seen>> seen, List<String> away) {
            ObjectNode body = Json.object().put("next", standing.label());
            ArrayNode nodes = body.putArray("nodes");
            seen.forEach((node, providers) -> {
                ArrayNode lines = nodes.addObject().put("node", node).putArray("providers");
                providers.forEach(one -> lines.addObject()
                        .put("name", one.name())
                        .put("role", one.role())
                        .put("state", one.state())
                        .put("complete", one.complete())
                        .put("hints", one.hints())
                        .put("compared_keys", one.comparedKeys())
                        .put("shadowed", one.shadowed())
                        .put("disagreed", one.disagreed()));
            });
            ArrayNode silent = body.putArray("unreachable");
            away.forEach(silent::add);
            return body;
        }
    }
}
