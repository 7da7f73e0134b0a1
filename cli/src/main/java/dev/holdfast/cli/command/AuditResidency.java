package dev.holdfast.cli.command;

import dev.holdfast.cli.Progress;
import dev.holdfast.cli.Shell;
import dev.holdfast.cli.Table;
import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.http.Poll;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(
        name = "residency",
        description = {
            "Asks every provider of a node for every row of every namespace, and lists where the bytes of each are.",
            "Exit code 1 when a provider holds anything of a namespace that may not lie there, or could not be asked."
                    + " Changes nothing; half of the time is left to others."
        },
        footer = {"%nExample:", "  holdfast audit residency", "  holdfast audit residency --all"})
public final class AuditResidency extends Remote {
    private static final long POLL_MILLIS = 200;

    @Option(names = "--all", description = "List namespaces without a jurisdiction, too.")
    private boolean all;

    public AuditResidency(Shell shell) {
        super(shell);
    }

    @Override
    void run() {
        try (Api control = connection.control()) {
            JsonNode now = control.require(control.send("POST", "/v1/residency", Json.object()))
                    .json();
            try (Progress progress = new Progress(shell, "Looking at every row", "rows", -1)) {
                while (now.path("running").asBoolean(false)) {
                    Poll.pause(POLL_MILLIS, "the look goes on at the server");
                    now = control.require(control.get("/v1/residency")).json();
                    progress.at(now.path("seen").asLong(0));
                }
            }
            if (!now.path("found").isArray()) {
                throw new Failure(Failure.FAILED, "The look has failed; the log of the server says why.");
            }
            if (connection.json()) {
                document(now);
            } else {
                tell(now.path("found"));
            }
            judge(now.path("found"));
        }
    }

    private void tell(JsonNode found) {
        Table table = new Table("NAMESPACE", "JURISDICTION", "PROVIDER", "MAY LIE THERE", "KEYS", "BYTES");
        for (JsonNode held : found) {
            String jurisdiction = Json.text(held, "jurisdiction", "");
            if (!all && jurisdiction.isEmpty() && held.path("allowed").asBoolean(false)) {
                continue;
            }
            String title = Json.text(held, "title", "");
            table.row(
                    Words.visible(title.isEmpty() ? Json.text(held, "namespace", "?") : title),
                    jurisdiction.isEmpty() ? "-" : jurisdiction,
                    Json.text(held, "provider", "?"),
                    held.path("allowed").asBoolean(false) ? "yes" : "no",
                    held.path("unread").asString("").isEmpty()
                            ? held.path("keys").asString("0")
                            : "unread",
                    held.path("bytes").asString("0"));
        }
        shell.out().print(table);
    }

    private static void judge(JsonNode found) {
        List<String> wrong = new ArrayList<>();
        for (JsonNode held : found) {
            boolean allowed = held.path("allowed").asBoolean(false);
            String unread = Json.text(held, "unread", "");
            String provider = "Provider " + Json.text(held, "provider", "?");
            if (!allowed && held.path("keys").asLong(0) > 0) {
                wrong.add(provider + " holds " + Words.count(held.path("keys").asLong(0), "key") + " of namespace "
                        + Words.visible(Json.text(held, "title", "?")) + ", which may not lie there.");
            } else if (!unread.isEmpty()) {
                wrong.add(provider + " has not said all that it holds: " + unread + ".");
            }
        }
        if (!wrong.isEmpty()) {
            throw new Failure(
                    Failure.FAILED, String.join("\n", wrong.stream().distinct().toList()));
        }
    }
}
