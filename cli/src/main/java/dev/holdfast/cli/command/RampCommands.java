package dev.holdfast.cli.command;

import dev.holdfast.cli.Shell;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code holdfast ramp …}. */
public final class RampCommands {
    private RampCommands() {}

    /** Which namespaces take part. */
    static final class Choice {
        @Parameters(
                arity = "0..*",
                paramLabel = "NAMESPACE",
                description = {
                    "Titles or ids of those that take part.",
                    "Default: all whose gates are stale-only or partly open."
                })
        private List<String> namespaces = List.of();

        @Option(
                names = "--all",
                description = "All take part: those that are open now are stale-only until their wave.")
        private boolean all;

        ObjectNode body() {
            ObjectNode body = Json.object().put("all", all);
            ArrayNode names = body.putArray("namespaces");
            namespaces.forEach(names::add);
            return body;
        }
    }

    private static JsonNode plan(Api control, Choice choice) {
        return control.require(control.send("POST", "/v1/ramp/plan", choice.body()))
                .json();
    }

    @Command(
            name = "plan",
            description = "Prints in which order and steps namespaces would come back, and how long it would take."
                    + " Changes nothing.",
            footer = {"%nExample:", "  holdfast ramp plan", "  holdfast ramp plan --all"})
    public static final class Plan extends Remote {
        @Mixin
        private final Choice choice = new Choice();

        public Plan(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            try (Api control = connection.control()) {
                JsonNode plan = plan(control, choice);
                if (connection.json()) {
                    document(plan);
                } else {
                    RampView.plan(plan).forEach(this::say);
                }
            }
        }
    }

    @Command(
            name = "start",
            description = {
                "Opens gates step by step, in waves, while the store stays inside its bounds (ramp.* in the"
                        + " configuration). It holds or goes back by itself when the store does not.",
                "Each node has a ramp of its own: name the others with --also."
            },
            footer = {
                "%nExample:",
                "  holdfast ramp start --why 'provider b is back'",
                "  holdfast ramp start --all --dry-run",
                "  holdfast ramp start --all --also http://10.0.0.2:4654"
            })
    public static final class Start extends Remote {
        @Mixin
        private final Choice choice = new Choice();

        @Mixin
        private final AtNodes nodes = new AtNodes();

        @Option(names = "--why", paramLabel = "TEXT", description = "For whoever finds it so, and asks.")
        private String why = "";

        @Option(names = "--dry-run", description = "Print the plan and do nothing.")
        private boolean dryRun;

        @Option(names = "--yes", description = "Do not ask before namespaces that are open are shut.")
        private boolean yes;

        public Start(Shell shell) {
            super(shell);
        }

        @Override
        void run() throws IOException {
            if (dryRun || !yes) {
                JsonNode plan;
                try (Api control = connection.control()) {
                    plan = plan(control, choice);
                }
                if (dryRun) {
                    if (connection.json()) {
                        document(plan);
                    } else {
                        RampView.plan(plan).forEach(this::say);
                    }
                    return;
                }
                confirm(plan);
            }
            ObjectNode body = choice.body().put("why", why);
            AtNodes.Reached reached = nodes.ask(
                    connection,
                    "ramp",
                    control -> control.require(control.send("POST", "/v1/ramp", body))
                            .json());
            answer(this, reached, "NOT BEGUN");
            if (!connection.json()) {
                remark("To follow it: holdfast ramp status --watch");
            }
            reached.requireAll("Not begun");
        }

        private void confirm(JsonNode plan) throws IOException {
            int shuts = plan.path("shuts").asInt(0);
            if (shuts == 0) {
                return;
            }
            RampView.plan(plan).forEach(this::remark);
            if (!shell.asked()) {
                throw new Failure(
                        Failure.USAGE, shuts + " open namespaces would be shut until their wave; say --yes for that.");
            }
            if (!shell.confirm("Shut them and begin?")) {
                throw new Failure(Failure.FAILED, "Nothing has begun.");
            }
        }
    }

    private static void answer(Remote command, AtNodes.Reached reached, String notDone) {
        if (command.connection.json()) {
            command.document(reached.lines());
            return;
        }
        reached.show(command, "ramp", notDone, (node, ramp) -> {
            List<JsonNode> history = ramp.path("history").valueStream().toList();
            command.say(node + ": " + Json.text(history.getLast(), "sentence", "")
                    + (ramp.path("kept").asBoolean(true)
                            ? ""
                            : " Only until the node starts again: its disk did not take it."));
        });
    }

    /** A command that tells the ramps of some nodes something. */
    @Command
    abstract static class Wish extends Remote {
        @Mixin
        private final AtNodes nodes = new AtNodes();

        private final String action;

        Wish(Shell shell, String action) {
            super(shell);
            this.action = action;
        }

        void into(ObjectNode body) {}

        @Override
        void run() {
            ObjectNode body = Json.object();
            into(body);
            AtNodes.Reached reached = nodes.ask(
                    connection,
                    "ramp",
                    control -> control.require(control.send("POST", "/v1/ramp/" + action, body))
                            .json());
            answer(this, reached, "NOT DONE");
            reached.requireAll("Not done");
        }
    }

    @Command(
            name = "pause",
            description = "Has the ramp decide nothing more, neither forward nor back, until it is resumed.",
            footer = {"%nExample:", "  holdfast ramp pause"})
    public static final class Pause extends Wish {
        public Pause(Shell shell) {
            super(shell, "pause");
        }
    }

    @Command(
            name = "resume",
            description = "Has a paused ramp go on.",
            footer = {"%nExample:", "  holdfast ramp resume"})
    public static final class Resume extends Wish {
        public Resume(Shell shell) {
            super(shell, "resume");
        }
    }

    @Command(
            name = "skip",
            description = "Leaves a wave as it is and goes on with the next one. When the ramp is over, its gates stay"
                    + " so, as if set by hand.",
            footer = {"%nExample:", "  holdfast ramp skip", "  holdfast ramp skip --wave 4"})
    public static final class Skip extends Wish {
        @Option(names = "--wave", paramLabel = "N", description = "Default: the one that is opening.")
        private int wave;

        public Skip(Shell shell) {
            super(shell, "skip");
        }

        @Override
        void into(ObjectNode body) {
            if (wave != 0) {
                body.put("wave", wave);
            }
        }
    }

    @Command(
            name = "override",
            description = "Takes the next step now, whatever the signals say; also of a paused ramp, step by step. To"
                    + " open or shut one namespace by hand: holdfast gate set.",
            footer = {"%nExample:", "  holdfast ramp override"})
    public static final class Overrule extends Wish {
        public Overrule(Shell shell) {
            super(shell, "override");
        }
    }

    @Command(
            name = "abort",
            description = "Ends the ramp. All gates stay as they are now, as if set by hand, unless --open is said.",
            footer = {"%nExample:", "  holdfast ramp abort", "  holdfast ramp abort --open"})
    public static final class Abort extends Wish {
        @Option(names = "--open", description = "Open all that took part, at once.")
        private boolean open;

        @Option(names = "--as-is", description = "Leave all as it is: what is done without either.")
        private boolean asIs;

        public Abort(Shell shell) {
            super(shell, "abort");
        }

        @Override
        void into(ObjectNode body) {
            if (open && asIs) {
                throw new Failure(Failure.USAGE, "--open and --as-is cannot be had together.");
            }
            body.put("open", open);
        }
    }
}
