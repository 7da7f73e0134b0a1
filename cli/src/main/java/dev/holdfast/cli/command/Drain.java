package dev.holdfast.cli.command;

import dev.holdfast.cli.Connection;
import dev.holdfast.cli.Shell;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.moving.Look;
import dev.holdfast.cli.moving.TooFew;
import dev.holdfast.client.transport.Percent;
import java.net.URI;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;

@Command(
        name = "drain",
        description = {
            "Demotes a provider, and looks at every key whether it lies in enough homes without it. Moves nothing: the"
                    + " others hold all already, or it says which keys they lack, or who of them could not be read."
                    + " Exit code 1 then.",
            "Each node keeps its own look, so name the others with --also."
        },
        footer = {
            "%nExample:",
            "  holdfast provider drain a --also http://10.0.0.2:4654",
            "%nThen: holdfast provider remove a. To take it back: holdfast provider promote a"
        })
public final class Drain extends Remote {
    @Parameters(paramLabel = "PROVIDER", description = "Its name.")
    private String name = "";

    @Mixin
    private final AtNodes nodes = new AtNodes();

    public Drain(Shell shell) {
        super(shell);
    }

    @Override
    void run() {
        AtNodes.Reached demoted = nodes.ask(
                connection,
                "provider",
                control -> control.require(control.send(
                                "PUT",
                                "/v1/providers/" + Percent.encode(name) + "/role",
                                Json.object().put("role", "leaving")))
                        .json());
        demoted.requireAll("Not demoted");
        ArrayNode lines = Json.array();
        boolean needed = false;
        for (URI node : nodes.all(connection)) {
            try (Api control = connection.api(node, Connection.DEADLINE)) {
                Look look = Looking.at(shell, control, Optional.of(name));
                needed |= look.tooFew() > 0 || !look.unseen().isEmpty();
                lines.addObject().put("node", node.toString()).set("found", look.found());
                if (!connection.json()) {
                    TooFew.spared(look).forEach(line -> say(node + ": " + line));
                }
            }
        }
        if (connection.json()) {
            document(lines);
        }
        if (needed) {
            throw new Failure(
                    Failure.FAILED,
                    "It cannot be removed yet. holdfast compare gives the others what they lack; holdfast provider"
                            + " promote " + name + " takes it back.");
        }
    }
}
