package dev.holdfast.cli.command;

import dev.holdfast.cli.Shell;
import dev.holdfast.cli.http.Json;
import dev.holdfast.client.transport.Percent;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Those of {@code holdfast provider …} that change what a provider is in the placement, each node for itself. */
public final class RoleCommands {
    private RoleCommands() {}

    /** Tells some nodes what a provider is to be. */
    @Command
    abstract static class Wish extends Remote {
        @Parameters(paramLabel = "PROVIDER", description = "Its name.")
        private String name = "";

        @Mixin
        private final AtNodes nodes = new AtNodes();

        private final String role;
        private final String then;

        Wish(Shell shell, String role, String then) {
            super(shell);
            this.role = role;
            this.then = then;
        }

        @Override
        void run() {
            AtNodes.Reached reached = nodes.ask(
                    connection,
                    "provider",
                    control -> control.require(control.send(
                                    "PUT",
                                    "/v1/providers/" + Percent.encode(name) + "/role",
                                    Json.object().put("role", role)))
                            .json());
            if (connection.json()) {
                document(reached.lines());
            } else {
                reached.show(
                        this,
                        "provider",
                        "NOT DONE",
                        (node, answer) -> say(node + ": provider " + name + ": " + Json.text(answer, "role", "?")));
                if (reached.missed().isEmpty()) {
                    say(String.format(then, name));
                }
            }
            reached.requireAll("Not done");
        }
    }

    @Command(
            name = "add",
            description = {
                "Has a provider join that stands in the configuration file, which is read anew: no restart is needed."
                        + " It is given every write from now on, and in the background all that the others hold.",
                "Its word does not count before it is promoted. Do it at every node (--also)."
            },
            footer = {
                "%nExample:",
                "  holdfast provider add c",
                "  holdfast provider add c --also http://10.0.0.2:4654",
                "%nThen: holdfast provider backfill c"
            })
    public static final class Add extends Wish {
        public Add(Shell shell) {
            super(shell, "joining", "It is filled now: holdfast provider backfill %s shows how far it is.");
        }
    }

    @Command(
            name = "promote",
            description = {
                "Has the word of a provider count that joins, or that was demoted. Refused until it holds all that the"
                        + " others hold, and until every node gives it every write."
            },
            footer = {"%nExample:", "  holdfast provider promote c --also http://10.0.0.2:4654"})
    public static final class Promote extends Wish {
        public Promote(Shell shell) {
            super(shell, "serving", "The word of %s counts.");
        }
    }

    @Command(
            name = "demote",
            description = {
                "Has the word of a provider count no more. It is given every write still, so that it can be promoted"
                        + " again.",
                "Refused when fewer independent failure domains would be left than a namespace's durability."
            },
            footer = {
                "%nExample:",
                "  holdfast provider demote a --also http://10.0.0.2:4654",
                "%nThen: holdfast provider drain a"
            })
    public static final class Demote extends Wish {
        public Demote(Shell shell) {
            super(shell, "leaving", "Before it is removed: holdfast provider drain %s");
        }
    }

    @Command(
            name = "remove",
            description = {
                "Stops using a provider that leaves, or that joined in vain. Refused without a look of the last ten"
                    + " minutes, at this node, that found every key in enough homes without it (drain), while another"
                    + " provider lacks writes, and until no node reads from it.",
                "What it holds stays there, for you to delete."
            },
            footer = {"%nExample:", "  holdfast provider remove a --also http://10.0.0.2:4654"})
    public static final class Remove extends Wish {
        public Remove(Shell shell) {
            super(shell, "removed", "Provider %s is not used any more; take it out of the configuration as well.");
        }
    }
}
