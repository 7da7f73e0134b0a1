package dev.holdfast.cli.command;

import dev.holdfast.cli.Nearest;
import dev.holdfast.cli.Shell;
import dev.holdfast.cli.Table;
import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.http.Reply;
import dev.holdfast.client.transport.Percent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code holdfast node …}. */
public final class NodeCommands {
    private NodeCommands() {}

    @Command(
            name = "list",
            description =
                    "Lists the nodes over the same providers: when each was last heard of, and what waits for it.",
            footer = {"%nExample:", "  holdfast node list"})
    public static final class Listing extends Remote {
        public Listing(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            try (Api control = connection.control()) {
                JsonNode answer = all(control);
                if (connection.json()) {
                    document(answer);
                    return;
                }
                Table table = new Table("NODE", "LAST SEEN", "HINTS SINCE", "HOLDS HINTS FOR", "");
                for (JsonNode node : answer.path("nodes")) {
                    table.row(
                            Words.visible(Json.text(node, "name", "")),
                            node.path("seen").isNumber()
                                    ? Words.ago(node.path("seen").asLong(0))
                                    : "-",
                            Json.text(node, "watermark", "-"),
                            String.join(",", Receipts.names(node.path("marks"))),
                            node.path("self").asBoolean(false)
                                    ? "this node"
                                    : node.path("silent").asBoolean(false) ? "silent" : "");
                }
                shell.out().print(table);
                if (!answer.path("complete").asBoolean(true)) {
                    remark("Some may be missing: no provider whose word counts could be asked.");
                }
            }
        }
    }

    @Command(
            name = "remove",
            description = "Removes a node that is gone for good with its disk: nothing waits for its hints any more,"
                    + " the providers that it had marked are compared, and it serves nothing if it comes back."
                    + " Cannot be undone.",
            footer = {"%nExample:", "  holdfast node list", "  holdfast node remove 3f9a1c7790ab12de --yes"})
    public static final class Remove extends Remote {
        @Parameters(paramLabel = "NAME", description = "Its name, from holdfast node list.")
        private String name = "";

        @Option(names = "--yes", description = "Do not ask (it asks on a terminal only).")
        private boolean yes;

        public Remove(Shell shell) {
            super(shell);
        }

        @Override
        void run() throws IOException {
            if (!yes
                    && shell.asked()
                    && !shell.confirm("Remove node " + Words.visible(name)
                            + " for good? Writes that only its disk holds are lost.")) {
                throw new Failure(Failure.FAILED, "Nothing was removed.");
            }
            try (Api control = connection.control()) {
                Reply reply = control.delete("/v1/nodes/" + Percent.encode(name));
                if (reply.status() == 404) {
                    throw unknown(all(control));
                }
                JsonNode removed = control.require(reply).json();
                if (connection.json()) {
                    document(removed);
                    return;
                }
                List<String> compared = Receipts.names(removed.path("compared"));
                say("Removed node " + Words.visible(name) + "."
                        + (compared.isEmpty()
                                ? ""
                                : " To be compared, since its hints for them are lost: " + String.join(", ", compared)
                                        + "."));
            }
        }

        private Failure unknown(JsonNode answer) {
            List<String> names = new ArrayList<>();
            answer.path("nodes").forEach(node -> names.add(Json.text(node, "name", "")));
            List<String> near = Nearest.to(name, names);
            return new Failure(
                    Failure.FAILED,
                    "There is no node \"" + Words.visible(name) + "\"; "
                            + (near.isEmpty()
                                    ? "there are " + String.join(", ", names)
                                    : "did you mean " + String.join(" or ", near) + "?"));
        }
    }

    private static JsonNode all(Api control) {
        return control.require(control.get("/v1/nodes")).json();
    }
}
