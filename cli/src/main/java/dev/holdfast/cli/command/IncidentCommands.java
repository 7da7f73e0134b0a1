package dev.holdfast.cli.command;

import dev.holdfast.cli.Build;
import dev.holdfast.cli.Nearest;
import dev.holdfast.cli.Shell;
import dev.holdfast.cli.Table;
import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.http.Reply;
import dev.holdfast.client.transport.Percent;
import dev.holdfast.engine.incident.report.JointFile;
import dev.holdfast.engine.incident.report.JointReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code holdfast incident …}. */
public final class IncidentCommands {
    private static final String LATEST = "Its id, from holdfast incident list. Default: the latest.";

    private IncidentCommands() {}

    @Command(
            name = "list",
            description = {
                "Lists what is or was wrong at a node, the newest first, and who was hurt by it.",
                "Each node has incidents of its own: with those named by --also, what several of them noticed of one"
                    + " cause at one time is one line, with the worst severity. Exit code 1 when one cannot be asked."
            },
            footer = {
                "%nExample:",
                "  holdfast incident list",
                "  holdfast incident list --open-only --also http://10.0.0.2:4654"
            })
    public static final class Listing extends Remote {
        @Option(names = "--open-only", description = "Only those that are not over.")
        private boolean openOnly;

        @Mixin
        private final AtNodes nodes = new AtNodes();

        public Listing(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            if (nodes.several()) {
                several();
                return;
            }
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

        private void several() {
            IncidentsAtNodes all = IncidentsAtNodes.ask(this, nodes);
            ArrayNode shown = Json.array();
            all.joined().stream()
                    .filter(joint -> !openOnly || IncidentText.open(joint))
                    .forEach(shown::add);
            if (connection.json()) {
                ObjectNode document = Json.object();
                document.set("nodes", all.form());
                document.set("incidents", shown);
                document(document);
            } else if (shown.isEmpty()) {
                say("No incident is " + (openOnly ? "open" : "known") + " at the nodes that were asked.");
            } else {
                print(shown);
            }
            all.requireAll();
        }

        private void print(ArrayNode incidents) {
            List<String> heading = new ArrayList<>(List.of("ID", "SEVERITY", "STATE", "SINCE (UTC)", "FOR"));
            if (nodes.several()) {
                heading.add("NODES");
            }
            heading.addAll(List.of("HURT", "WHAT"));
            Table table = new Table(heading.toArray(String[]::new));
            for (JsonNode incident : incidents) {
                List<String> row = new ArrayList<>(List.of(
                        Words.visible(Json.text(incident, "id", "")),
                        IncidentText.severity(incident),
                        IncidentText.open(incident) ? "open" : "closed",
                        IncidentText.stamp(incident.path("opened_at").asLong(0)),
                        Words.duration(IncidentText.millis(incident))));
                if (nodes.several()) {
                    row.add(String.join(", ", Receipts.names(incident.path("nodes"))));
                }
                row.add(IncidentText.hurt(incident));
                row.add(Words.visible(Json.text(incident, "title", "")));
                table.row(row.toArray(String[]::new));
            }
            shell.out().print(table);
        }
    }

    @Command(
            name = "show",
            description = "Prints the alarms of an incident, who was hurt, and its timeline. With --also, of what is"
                    + " taken for one thing at several nodes, as holdfast incident list puts it together.",
            footer = {
                "%nExample:",
                "  holdfast incident show",
                "  holdfast incident show 20261126-174502 --also http://10.0.0.2:4654"
            })
    public static final class Show extends Remote {
        @Parameters(paramLabel = "ID", arity = "0..1", description = LATEST)
        private @Nullable String id;

        @Mixin
        private final AtNodes nodes = new AtNodes();

        public Show(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            if (nodes.several()) {
                IncidentsAtNodes all = IncidentsAtNodes.ask(this, nodes);
                ObjectNode joint = all.whole(id);
                if (connection.json()) {
                    document(joint);
                } else {
                    shell.out().print(IncidentText.all(joint));
                }
                all.requireAll();
                return;
            }
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
                    + " done, figures, open questions. Markdown, or a page that stands alone. With --also, of what is"
                    + " taken for one thing at several nodes: who noticed it, who was hurt and who was not, and one"
                    + " timeline.",
            footer = {
                "%nExample:",
                "  holdfast incident report",
                "  holdfast incident report --also http://10.0.0.2:4654",
                "  holdfast incident report 20261126-174502 --html --output report.html"
            })
    public static final class Report extends Remote {
        @Parameters(paramLabel = "ID", arity = "0..1", description = LATEST)
        private @Nullable String id;

        @Option(names = "--html", description = "A page with drawings, which needs nothing else.")
        private boolean html;

        @Option(names = "--output", paramLabel = "FILE", description = "Where it goes. Default: standard output.")
        private @Nullable Path output;

        @Mixin
        private final AtNodes nodes = new AtNodes();

        public Report(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            if (nodes.several()) {
                several();
                return;
            }
            try (Api control = connection.control()) {
                String named = id == null ? latest(control) : id;
                if (connection.json()) {
                    // What the report is made from.
                    document(found(control, named));
                    return;
                }
                put(answered(control, named, "/report?format=" + (html ? "html" : "markdown"))
                        .body());
            }
        }

        private void several() {
            IncidentsAtNodes all = IncidentsAtNodes.ask(this, nodes);
            ObjectNode joint = all.whole(id);
            if (connection.json()) {
                document(joint);
            } else {
                JointFile file = all.file(Build.version());
                put((html ? JointReport.html(file) : JointReport.markdown(file)).getBytes(StandardCharsets.UTF_8));
            }
            all.requireAll();
        }

        private void put(byte[] report) {
            if (output == null) {
                shell.out().writeBytes(report);
            } else {
                write(output, report);
                remark("The report is in " + output + ".");
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
