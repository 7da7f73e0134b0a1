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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** {@code holdfast incident …}. */
public final class IncidentCommands {
    private static final String LATEST = "Its id, from holdfast incident list. Default: the latest.";

    private IncidentCommands() {}

    @Command(
            name = "list",
            description = "Lists what is or was wrong at a node, the newest first, and who was hurt by it.",
            footer = {"%nExample:", "  holdfast incident list", "  holdfast incident list --open-only"})
    public static final class Listing extends Remote {
        @Option(names = "--open-only", description = "Only those that are not over.")
        private boolean openOnly;

        public Listing(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            try (Api control = connection.control()) {
                ArrayNode shown = Json.MAPPER.createArrayNode();
                for (JsonNode incident : all(control)) {
                    if (!openOnly || IncidentText.open(incident)) {
                        shown.add(incident);
                    }
                }
                if (connection.json()) {
                    document(shown);
                } else if (shown.isEmpty()) {
                    say(openOnly ? "No incident is open." : "No incident is known.");
                } else {
                    print(shown);
                }
            }
        }

        private void print(ArrayNode incidents) {
            Table table = new Table("ID", "SEVERITY", "STATE", "SINCE (UTC)", "FOR", "HURT", "WHAT");
            for (JsonNode incident : incidents) {
                table.row(
                        Json.text(incident, "id", ""),
                        IncidentText.severity(incident),
                        IncidentText.open(incident) ? "open" : "closed",
                        IncidentText.stamp(incident.path("opened_at").asLong(0)),
                        Words.duration(IncidentText.millis(incident)),
                        IncidentText.hurt(incident),
                        Words.visible(Json.text(incident, "title", "")));
            }
            shell.out().print(table);
        }
    }

    @Command(
            name = "show",
            description = "Prints the alarms of an incident, who was hurt, and its timeline.",
            footer = {"%nExample:", "  holdfast incident show", "  holdfast incident show 20261126-174502"})
    public static final class Show extends Remote {
        @Parameters(paramLabel = "ID", arity = "0..1", description = LATEST)
        private @Nullable String id;

        public Show(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            try (Api control = connection.control()) {
                JsonNode incident = found(control, id);
                if (connection.json()) {
                    document(incident);
                } else {
                    shell.out().print(IncidentText.all(incident));
                }
            }
        }
    }

    @Command(
            name = "report",
            description = "Writes the draft of a post-mortem: times, impact, cause as the evidence shows it, what was"
                    + " done, figures, open questions. Markdown, or a page that stands alone.",
            footer = {
                "%nExample:",
                "  holdfast incident report",
                "  holdfast incident report 20261126-174502 --html --output report.html"
            })
    public static final class Report extends Remote {
        @Parameters(paramLabel = "ID", arity = "0..1", description = LATEST)
        private @Nullable String id;

        @Option(names = "--html", description = "A page with drawings, which needs nothing else.")
        private boolean html;

        @Option(names = "--output", paramLabel = "FILE", description = "Where it goes. Default: standard output.")
        private @Nullable Path output;

        public Report(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            try (Api control = connection.control()) {
                String named = id == null ? latest(control) : id;
                if (connection.json()) {
                    // What the report is made from.
                    document(found(control, named));
                    return;
                }
                byte[] report = answered(control, named, "/report?format=" + (html ? "html" : "markdown"))
                        .body();
                if (output == null) {
                    shell.out().writeBytes(report);
                } else {
                    write(output, report);
                    remark("The report is in " + output + ".");
                }
            }
        }

        private static void write(Path file, byte[] report) {
            try {
                Files.write(file, report);
            } catch (IOException e) {
                throw new Failure(Failure.FAILED, file + " cannot be written: " + e.getMessage() + ".", e);
            }
        }
    }

    @Command(
            name = "note",
            description = "Puts a line on the timeline of an incident, open or closed: what you see, and what you do"
                    + " outside of Holdfast. It is in the audit log, too.",
            footer = {
                "%nExample:",
                "  holdfast incident note 'The provider says: a switch in us-east is broken.'",
                "  holdfast incident note --id 20261126-174502 'I have called them.'"
            })
    public static final class Note extends Remote {
        @Parameters(paramLabel = "TEXT", description = "A sentence, of at most 1,000 characters.")
        private String text = "";

        @Option(names = "--id", paramLabel = "ID", description = LATEST)
        private @Nullable String id;

        public Note(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            try (Api control = connection.control()) {
                String named = id == null ? latest(control) : id;
                Reply reply = control.send(
                        "POST",
                        "/v1/incidents/" + Percent.encode(named) + "/notes",
                        Json.object().put("text", text));
                JsonNode noted = control.require(known(control, reply, named)).json();
                if (connection.json()) {
                    document(noted);
                } else {
                    say("Noted on incident " + Json.text(noted, "id", "") + ".");
                }
            }
        }
    }

    private static JsonNode all(Api control) {
        return control.require(control.get("/v1/incidents")).json().path("incidents");
    }

    private static String latest(Api control) {
        JsonNode newest = all(control).path(0);
        if (newest.isMissingNode()) {
            throw new Failure(Failure.FAILED, "No incident is known.");
        }
        return Json.text(newest, "id", "");
    }

    private static JsonNode found(Api control, @Nullable String id) {
        return answered(control, id == null ? latest(control) : id, "").json();
    }

    private static Reply answered(Api control, String id, String below) {
        return control.require(known(control, control.get("/v1/incidents/" + Percent.encode(id) + below), id));
    }

    private static Reply known(Api control, Reply reply, String id) {
        if (reply.status() != 404) {
            return reply;
        }
        List<String> ids = new ArrayList<>();
        all(control).forEach(incident -> ids.add(Json.text(incident, "id", "")));
        List<String> near = Nearest.to(id, ids);
        throw new Failure(
                Failure.FAILED,
                "There is no incident \"" + Words.visible(id) + "\"; "
                        + (near.isEmpty()
                                ? "holdfast incident list shows those that are known."
                                : "did you mean " + String.join(" or ", near) + "?"));
    }
}
