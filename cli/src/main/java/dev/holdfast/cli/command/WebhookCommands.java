package dev.holdfast.cli.command;

import dev.holdfast.cli.Shell;
import dev.holdfast.cli.Table;
import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import dev.holdfast.client.transport.Percent;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Of {@code holdfast incident …}, what is about those who are told. */
public final class WebhookCommands {
    private WebhookCommands() {}

    @Command(
            name = "webhooks",
            description = "Lists the webhooks that are told of incidents, and how it goes with each.",
            footer = {"%nExample:", "  holdfast incident webhooks"})
    public static final class Listing extends Remote {
        public Listing(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            try (Api control = connection.control()) {
                JsonNode all =
                        control.require(control.get("/v1/webhooks")).json().path("webhooks");
                if (connection.json()) {
                    document(all);
                } else if (all.isEmpty()) {
                    say("No webhook is configured; see incidents.webhooks in the configuration.");
                } else {
                    print(all);
                }
            }
        }

        private void print(JsonNode all) {
            Table table =
                    new Table("NAME", "FORM", "TO", "ARRIVED", "FAILED", "GIVEN UP", "WAITING", "LAST", "PROBLEM");
            for (JsonNode one : all) {
                table.row(
                        Json.text(one, "name", ""),
                        Json.text(one, "form", ""),
                        Words.visible(Json.text(one, "to", "")),
                        one.path("delivered").asString("0"),
                        one.path("failed").asString("0"),
                        one.path("given_up").asString("0"),
                        one.path("waiting").asString("0"),
                        one.path("delivered_at").isNumber()
                                ? Words.ago(one.path("delivered_at").asLong(0))
                                : "-",
                        Words.visible(Json.text(one, "problem", "")));
            }
            shell.out().print(table);
        }
    }

    @Command(
            name = "test-webhook",
            description = "Has the node send a test notice to a webhook now, and says whether it arrived.",
            footer = {"%nExample:", "  holdfast incident test-webhook pager"})
    public static final class Test extends Remote {
        @Parameters(paramLabel = "NAME", description = "As the configuration calls it.")
        private String name = "";

        public Test(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            try (Api control = connection.control()) {
                JsonNode said = control.require(
                                control.send("POST", "/v1/webhooks/" + Percent.encode(name) + "/test", Json.object()))
                        .json();
                boolean delivered = said.path("delivered").asBoolean(false);
                if (connection.json()) {
                    document(said);
                } else if (delivered) {
                    say("The test has arrived at webhook " + Words.visible(name) + ".");
                }
                if (!delivered) {
                    throw new Failure(
                            Failure.FAILED,
                            "The test has not arrived: " + Words.visible(Json.text(said, "problem", "")) + ".");
                }
            }
        }
    }
}
