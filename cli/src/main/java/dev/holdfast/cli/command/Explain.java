package dev.holdfast.cli.command;

import dev.holdfast.cli.Shell;
import dev.holdfast.cli.Table;
import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Json;
import dev.holdfast.client.transport.Percent;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "explain",
        description = "Shows what each provider holds of a key, what waits for it, and why a read answers as it does.",
        footer = {"%nExample:", "  holdfast explain settings theme"})
public final class Explain extends Remote {
    @Parameters(index = "0", paramLabel = "NAMESPACE", description = "Id or title.")
    private String namespace = "";

    @Parameters(index = "1", paramLabel = "KEY", description = "The key.")
    private String key = "";

    public Explain(Shell shell) {
        super(shell);
    }

    @Override
    void run() {
        try (Api store = connection.store()) {
            String path = Namespaces.path(namespace) + "/explain/" + Percent.encode(key);
            JsonNode explained =
                    Namespaces.require(store, store.get(path), namespace).json();
            if (connection.json()) {
                document(explained);
            } else {
                print(explained);
            }
        }
    }

    private void print(JsonNode explained) {
        Table table = new Table("PROVIDER", "STATE", "VERSION", "HINT", "SAYS");
        for (JsonNode home : explained.path("homes")) {
            table.row(
                    Json.text(home, "provider", ""),
                    Json.text(home, "state", "?"),
                    Json.text(home, "version", "-"),
                    Json.text(home, "hint", "-"),
                    Words.visible(Json.text(home, "says", "")));
        }
        shell.out().print(table);
        JsonNode answer = explained.path("answer");
        say("");
        say(
                switch (Json.text(answer, "kind", "")) {
                    case "found" ->
                        "A read answers version " + Json.text(answer, "version", "?") + ", from "
                                + Json.text(answer, "source", "?") + ".";
                    case "missing" -> "A read answers that there is no such key.";
                    default -> "A read is refused (503): nobody can vouch for an answer now.";
                });
        if (!answer.path("confirmed").asBoolean(true)) {
            say("It is not confirmed: too few providers could be asked.");
        }
        for (String member : new String[] {"note", "sentence"}) {
            String text = Json.text(answer, member, "");
            if (!text.isEmpty()) {
                say(Words.visible(text));
            }
        }
    }
}
