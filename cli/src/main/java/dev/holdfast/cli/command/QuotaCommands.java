package dev.holdfast.cli.command;

import dev.holdfast.cli.Shell;
import dev.holdfast.cli.Table;
import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code holdfast quota …}. */
public final class QuotaCommands {
    private QuotaCommands() {}

    @Command(
            name = "list",
            description = {
                "Lists what the account and its namespaces use of their quotas at a node.",
                "Requests are counted since the node's start; keys and bytes as of the last count."
            },
            footer = {"%nExample:", "  holdfast quota list"})
    public static final class Listing extends Remote {
        public Listing(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            try (Api control = connection.control()) {
                JsonNode all = control.require(control.get("/v1/quotas")).json();
                if (connection.json()) {
                    document(all);
                    return;
                }
                Table table = new Table("NAMESPACE", "REQUESTS/S", "LET IN", "REFUSED", "KEYS", "OF", "BYTES", "OF");
                row(table, "(account)", all.path("account"));
                for (JsonNode one : all.path("namespaces")) {
                    row(table, Words.visible(Json.text(one, "title", "")), one);
                }
                shell.out().print(table);
            }
        }

        private static void row(Table table, String name, JsonNode use) {
            table.row(
                    name,
                    bound(use, "max_requests"),
                    use.path("let").asString("0"),
                    use.path("refused").asString("0"),
                    use.path("keys").asString("-"),
                    bound(use, "max_keys"),
                    use.path("bytes").asString("-"),
                    bound(use, "max_bytes"));
        }

        private static String bound(JsonNode use, String field) {
            long bound = use.path(field).asLong(0);
            return bound == 0 ? "-" : Long.toString(bound);
        }
    }

    @Command(
            name = "set",
            description = "Sets the quota that all namespaces of the account share. 0 is no bound.",
            footer = {"%nExample:", "  holdfast quota set --max-requests 2000/s --max-bytes 50G"})
    public static final class Set extends Remote {
        @Mixin
        private final QuotaOptions quota = new QuotaOptions();

        public Set(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            ObjectNode body = Json.object();
            quota.into(body);
            if (body.isEmpty()) {
                throw new Failure(Failure.USAGE, "Nothing to set; there are --max-requests, --max-keys, --max-bytes.");
            }
            try (Api control = connection.control()) {
                JsonNode set =
                        control.require(control.send("PUT", "/v1/quotas", body)).json();
                if (connection.json()) {
                    document(set);
                } else {
                    say("The account may have " + shown(set, "max_requests") + " requests a second, "
                            + shown(set, "max_keys") + " keys, " + shown(set, "max_bytes") + " bytes.");
                }
            }
        }

        private static String shown(JsonNode set, String field) {
            long bound = set.path(field).asLong(0);
            return bound == 0 ? "any number of" : Long.toString(bound);
        }
    }
}
