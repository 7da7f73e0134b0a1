package dev.holdfast.cli.command;

import dev.holdfast.cli.Shell;
import dev.holdfast.cli.Table;
import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Json;
import dev.holdfast.client.transport.Percent;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code holdfast gate …}. */
public final class GateCommands {
    private GateCommands() {}

    @Command(
            name = "list",
            description = "Lists what each namespace may do now at a node, who has set it, and why.",
            footer = {"%nExample:", "  holdfast gate list"})
    public static final class Listing extends Remote {
        public Listing(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            try (Api control = connection.control()) {
                JsonNode all = control.require(control.get("/v1/gates")).json().path("gates");
                if (connection.json()) {
                    document(all);
                    return;
                }
                Table table = new Table("NAMESPACE", "TIER", "GATE", "SINCE", "BY", "WHY");
                for (JsonNode one : all) {
                    table.row(
                            Words.visible(Json.text(one, "title", "")),
                            one.path("tier").asString("-"),
                            Json.text(one, "gate", "?"),
                            one.path("since").isNumber()
                                    ? Words.ago(one.path("since").asLong(0))
                                    : "-",
                            Words.visible(Json.text(one, "by", "-")),
                            Words.visible(Json.text(one, "why", "")));
                }
                shell.out().print(table);
            }
        }
    }

    @Command(
            name = "set",
            description = {
                "Sets what a namespace may do now, at once and beyond restarts, with every provider dead:",
                "  open        all that is asked for;",
                "  25%%         so for this share of its keys, and stale-only for the others;",
                "  stale-only  reads of what the node knows, and nothing that needs a provider;",
                "  closed      nothing.",
                "Each node has gates of its own: name the others with --also."
            },
            footer = {
                "%nExample:",
                "  holdfast gate set sessions stale-only --why 'provider b restarts'",
                "  holdfast gate set sessions 25%%",
                "  holdfast gate set sessions open --also http://10.0.0.2:4654"
            })
    public static final class Set extends Remote {
        @Parameters(index = "0", paramLabel = "NAMESPACE", description = "Its title or id.")
        private String namespace = "";

        @Parameters(
                index = "1",
                paramLabel = "GATE",
                description = "open, stale-only, closed, or a share such as 25%%.")
        private String gate = "";

        @Option(names = "--why", paramLabel = "TEXT", description = "For whoever finds it so, and asks.")
        private String why = "";

        @Mixin
        private final AtNodes nodes = new AtNodes();

        public Set(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            ObjectNode body = Json.object().put("gate", gate).put("why", why);
            AtNodes.Reached reached = nodes.ask(
                    connection,
                    "gate",
                    control -> control.require(control.send("PUT", "/v1/gates/" + Percent.encode(namespace), body))
                            .json());
            if (connection.json()) {
                document(reached.lines());
            } else {
                reached.show(this, "gate", "NOT SET", this::print);
            }
            reached.requireAll("Not set");
        }

        private void print(String node, JsonNode set) {
            say(node + ": " + Words.visible(Json.text(set, "title", "")) + " is " + Json.text(set, "gate", "")
                    + (set.path("kept").asBoolean(true)
                            ? ""
                            : " until the node starts again: its disk did not take it"));
        }
    }
}
