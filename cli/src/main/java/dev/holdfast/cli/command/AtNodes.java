package dev.holdfast.cli.command;

import dev.holdfast.cli.Connection;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** For what is each node's own: asks the same of several, some of which may not be reached. */
final class AtNodes {
    @Option(names = "--also", paramLabel = "URL", description = "The admin port of a further node; repeatable.")
    private List<URI> also = List.of();

    /**
     * What the nodes said.
     *
     * @param lines for each {@code node}, and its answer, or why it {@code failed}
     * @param missed nodes that did not do it
     */
    record Reached(ArrayNode lines, List<String> missed) {
        /** Shows each answer by its node; those that failed it shows itself. */
        void show(Remote command, String name, String notDone, BiConsumer<String, JsonNode> each) {
            for (JsonNode line : lines) {
                String node = Json.text(line, "node", "");
                if (line.path(name).isMissingNode()) {
                    command.say(node + ": " + notDone + ": " + Json.text(line, "failed", ""));
                } else {
                    each.accept(node, line.path(name));
                }
            }
        }

        /** @throws Failure saying for which nodes it has to be tried again, if for any */
        void requireAll(String notDone) {
            if (!missed.isEmpty()) {
                throw new Failure(
                        Failure.FAILED, notDone + " at " + String.join(", ", missed) + "; try again for these.");
            }
        }
    }

    /** Whoever it is that is asked. */
    List<URI> all(Connection connection) {
        List<URI> nodes = new ArrayList<>(List.of(connection.adminUrl()));
        nodes.addAll(also);
        return nodes;
    }

    /** Whether more than one is. */
    boolean several() {
        return !also.isEmpty();
    }

    /**
     * Asks all.
     *
     * @param name of the answer in a line
     * @throws Failure when there is only one, and it fails
     */
    Reached ask(Connection connection, String name, Function<Api, JsonNode> question) {
        return ask(connection, all(connection), name, question);
    }

    /** The same, of some of them. */
    static Reached ask(Connection connection, List<URI> nodes, String name, Function<Api, JsonNode> question) {
        ArrayNode lines = Json.MAPPER.createArrayNode();
        List<String> missed = new ArrayList<>();
        for (URI node : nodes) {
            ObjectNode line = Json.object().put("node", node.toString());
            try (Api control = connection.api(node, Connection.DEADLINE)) {
                line.set(name, question.apply(control));
            } catch (Failure failure) {
                if (nodes.size() == 1) {
                    throw failure;
                }
                line.put("failed", failure.getMessage());
                missed.add(node.toString());
            }
            lines.add(line);
        }
        return new Reached(lines, missed);
    }
}
