package dev.holdfast.cli.command;

import dev.holdfast.cli.Progress;
import dev.holdfast.cli.Shell;
import dev.holdfast.cli.Table;
import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import dev.holdfast.client.transport.Percent;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code holdfast backup …}. */
public final class BackupCommands {
    private static final String BACKUPS = "/v1/backups";

    private BackupCommands() {}

    @Command(
            name = "list",
            description = "Lists the full backups, and for which time the archive has every change.",
            footer = {"%nExample:", "  holdfast backup list"})
    public static final class Listing extends Remote {
        public Listing(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            try (Api control = connection.control()) {
                JsonNode all = control.require(control.get(BACKUPS)).json();
                if (connection.json()) {
                    document(all);
                    return;
                }
                say("In " + Words.visible(Json.text(all, "directory", "?")) + ":");
                Table table = new Table("BACKUP", "BEGAN", "TOOK", "KEYS", "SIZE", "");
                for (JsonNode full : all.path("backups")) {
                    long began = full.path("began_at").asLong(0);
                    table.row(
                            Words.visible(Json.text(full, "id", "?")),
                            Words.ago(began),
                            Words.duration(full.path("ended_at").asLong(0) - began),
                            full.path("keys").asString("0"),
                            Words.bytes(full.path("size").asLong(0)),
                            full.path("good").asBoolean(false) ? "" : "NOT WHOLE");
                }
                shell.out().print(table);
                archive(all);
            }
        }

        private void archive(JsonNode all) {
            JsonNode archive = all.path("archive");
            for (JsonNode node : archive.path("nodes")) {
                say("Node " + Words.visible(Json.text(node, "node", "?")) + " has archived "
                        + Words.count(node.path("changes").asLong(0), "change") + " in "
                        + Words.bytes(node.path("size").asLong(0)) + ", without a gap:");
                for (JsonNode span : node.path("spans")) {
                    say("  from " + moment(span, "from_at") + " to " + moment(span, "through_at"));
                }
            }
            if (all.path("oldest_moment_at").isNumber()) {
                say("A restore can go back to " + moment(all, "oldest_moment_at") + ".");
            }
            if (archive.has("problem")) {
                remark("Changes are not archived now: " + Words.visible(Json.text(archive, "problem", "")));
            }
        }

        private static String moment(JsonNode of, String field) {
            return Instant.ofEpochMilli(of.path(field).asLong(0))
                    .truncatedTo(ChronoUnit.SECONDS)
                    .toString();
        }
    }

    @Command(
            name = "show",
            description = "Shows what one full backup holds.",
            footer = {"%nExample:", "  holdfast backup show 20261127T020000.041Z-3f9a1c7790ab12de"})
    public static final class Show extends Remote {
        @Parameters(paramLabel = "BACKUP", description = "Its name, from holdfast backup list.")
        private String id = "";

        public Show(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            try (Api control = connection.control()) {
                JsonNode full = control.require(control.get(BACKUPS + "/" + Percent.encode(id)))
                        .json();
                if (connection.json()) {
                    document(full);
                    return;
                }
                say("Made by node " + Words.visible(Json.text(full, "node", "?")) + " from "
                        + Json.text(full, "began", "?") + " to " + Json.text(full, "ended", "?") + ".");
                Table table = new Table("NAMESPACE", "KEYS", "SIZE", "TITLE", "");
                for (JsonNode part : full.path("namespaces")) {
                    table.row(
                            Json.text(part, "id", "?"),
                            part.path("keys").asString("-"),
                            part.has("size") ? Words.bytes(part.path("size").asLong(0)) : "-",
                            Words.visible(Json.text(part, "title", "?")),
                            part.has("problem")
                                    ? "NOT THERE: " + Words.visible(Json.text(part, "problem", ""))
                                    : part.path("confirmed").asBoolean(false) ? "" : "not vouched for");
                }
                shell.out().print(table);
            }
        }
    }

    @Command(
            name = "now",
            description = "Makes a full backup now, at the node that is asked.",
            footer = {"%nExample:", "  holdfast backup now", "%nExit code 1 when a namespace is not in it."})
    public static final class Now extends Remote {
        @Option(names = "--no-wait", description = "Start it and return.")
        private boolean noWait;

        public Now(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            try (Api control = connection.control()) {
                JsonNode jobs = control.require(control.send("POST", BACKUPS, Json.object()))
                        .json();
                if (noWait) {
                    say("Started; holdfast backup list shows it once it is whole.");
                    return;
                }
                long expected = jobs.at("/backup/expected").asLong(-1);
                JsonNode job;
                try (Progress progress = new Progress(shell, "Backing up", "keys", expected)) {
                    job = BackupJob.await(control, "backup", progress);
                }
                if (connection.json()) {
                    document(job);
                } else if (job.path("backup").isObject()) {
                    JsonNode full = job.path("backup");
                    say("Backup " + Words.visible(Json.text(full, "id", "?")) + ": "
                            + Words.count(full.path("keys").asLong(0), "key") + " of "
                            + Words.count(full.path("namespaces").size(), "namespace") + " in "
                            + Words.bytes(full.path("size").asLong(0)) + ", "
                            + Words.duration(job.path("ended_at").asLong(0)
                                    - job.path("begun_at").asLong(0)) + ".");
                }
                BackupJob.judge(job);
            }
        }
    }

    @Command(
            name = "verify",
            description = "Reads every file of full backups and archive, and compares every checksum.",
            footer = {"%nExample:", "  holdfast backup verify", "%nExit code 1 when something is damaged or gone."})
    public static final class Verify extends Remote {
        public Verify(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            try (Api control = connection.control()) {
                control.require(control.send("POST", "/v1/backup-verification", Json.object()));
                JsonNode job;
                try (Progress progress = new Progress(shell, "Verifying", "bytes", -1)) {
                    job = BackupJob.await(control, "verify", progress);
                }
                if (connection.json()) {
                    document(job);
                } else {
                    say("Read " + Words.count(job.path("files").asLong(0), "file") + " with "
                            + Words.count(job.path("keys").asLong(0), "key") + " and "
                            + Words.count(job.path("changes").asLong(0), "change") + ".");
                    job.path("problems").forEach(problem -> say("  " + Words.visible(problem.asString(""))));
                }
                BackupJob.judge(job);
                int problems = job.path("problems").size();
                if (problems > 0) {
                    throw new Failure(
                            Failure.FAILED,
                            Words.count(problems, "problem") + "; what they name is not as it was written.");
                }
            }
        }
    }
}
