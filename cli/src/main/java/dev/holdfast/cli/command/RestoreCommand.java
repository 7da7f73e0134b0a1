package dev.holdfast.cli.command;

import dev.holdfast.cli.Progress;
import dev.holdfast.cli.Shell;
import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.http.Poll;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "restore",
        description =
                "Has keys hold what they held at a moment: what was deleted since is put back, what was changed is"
                        + " changed back, what was made is deleted. All of it is written anew, so every home, feed and"
                        + " cache follows. What is written after the restore has begun stays as it is.",
        footer = {
            "%nExample:",
            "  holdfast restore --namespace settings --to 2026-11-27T14:05:00Z --dry-run",
            "  holdfast restore --namespace settings --to 2026-11-27T14:05:00Z",
            "  holdfast restore --namespace settings --prefix user: --to 10m",
            "  holdfast restore --namespace settings --to 10m --into settings-then",
            "%nIt goes on at the server when this command ends. One that the server has not",
            "come to the end of goes on when the same is asked for again; what was written",
            "since it first began stays then, too.",
            "%nExit code 1 when a key is not as it was then."
        })
public final class RestoreCommand extends Remote {
    private static final long POLL_MILLIS = 200;

    @Option(
            names = "--namespace",
            required = true,
            paramLabel = "NAMESPACE",
            description = "Its title or id; by its id also one that is there no more, with --into.")
    private String namespace = "";

    @Option(names = "--prefix", paramLabel = "PREFIX", description = "Only keys that begin so.")
    private String prefix = "";

    @Option(
            names = "--to",
            required = true,
            paramLabel = "MOMENT",
            description =
                    "A moment such as 2026-11-27T14:05:00Z or 2026-11-27T15:05:00+01:00, or how long ago: 90s, 10m.")
    private String to = "";

    @Option(
            names = "--into",
            paramLabel = "OTHER",
            description = "Write to another namespace, which has no such keys yet, and leave this one as it is.")
    private @Nullable String into;

    @Option(names = "--dry-run", description = "Write nothing; say what would be done.")
    private boolean dryRun;

    @Option(
            names = "--accept-gaps",
            description = "Go on though the archive does not have all that was written until then.")
    private boolean acceptGaps;

    @Option(
            names = "--anew",
            description = "Forget that the same was begun before and not ended: what was written since is undone, too.")
    private boolean anew;

    @Option(names = "--yes", description = "Do not ask (it asks on a terminal only).")
    private boolean yes;

    public RestoreCommand(Shell shell) {
        super(shell);
    }

    @Override
    void run() throws IOException {
        Instant moment = moment(to, Instant.now());
        if (!moment.toString().equals(to) && !connection.json()) {
            remark("That is --to " + moment + ".");
        }
        if (!dryRun
                && !yes
                && shell.asked()
                && !shell.confirm("Have "
                        + (prefix.isEmpty() ? "all keys" : "the keys that begin with \"" + Words.visible(prefix) + "\"")
                        + " of " + Words.visible(into == null ? namespace : into) + " hold what they held at " + moment
                        + "?")) {
            throw new Failure(Failure.FAILED, "Nothing was restored.");
        }
        try (Api control = connection.control()) {
            control.require(control.send("POST", "/v1/restore", wish(moment)));
            JsonNode job = await(control);
            if (connection.json()) {
                document(job);
            } else if (!job.has("problem") || done(job)) {
                tell(job);
            }
            judge(job);
        }
    }

    private ObjectNode wish(Instant moment) {
        ObjectNode wish = Json.object()
                .put("namespace", namespace)
                .put("prefix", prefix)
                .put("to", moment.toString())
                .put("dry_run", dryRun)
                .put("accept_gaps", acceptGaps)
                .put("anew", anew);
        if (into != null) {
            wish.put("into", into);
        }
        return wish;
    }

    /** How long ago is to the second, so that the same can be asked for again. */
    static Instant moment(String text, Instant now) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException otherwise) {
            return now.minus(Durations.parse("--to", text)).truncatedTo(ChronoUnit.SECONDS);
        }
    }

    private JsonNode await(Api control) {
        JsonNode job = BackupJob.now(control, "restore");
        while (job.path("running").asBoolean(false)) {
            String part = Json.text(job, "doing", "");
            long expected = job.path("expected").asLong(-1);
            String unit = part.startsWith("reading") ? "bytes" : "keys";
            try (Progress progress = new Progress(shell, title(part), unit, expected)) {
                while (job.path("running").asBoolean(false)
                        && Json.text(job, "doing", "").equals(part)) {
                    progress.at(job.path("done").asLong(0));
                    Poll.pause(POLL_MILLIS, "the restore goes on at the server");
                    job = BackupJob.now(control, "restore");
                }
            }
        }
        return job;
    }

    private static String title(String part) {
        return part.isEmpty() ? "Restoring" : Character.toUpperCase(part.charAt(0)) + part.substring(1);
    }

    private static boolean done(JsonNode job) {
        return job.path("keys")
                        .valueStream()
                        .mapToLong(count -> count.asLong(0))
                        .sum()
                > 0;
    }

    private void tell(JsonNode job) {
        boolean dry = job.path("dry_run").asBoolean(false);
        say((dry ? "A restore to " : "Restored to ") + Json.text(job, "to", "?") + " from backup "
                + Words.visible(Json.text(job, "backup", "?")) + (dry ? " would find:" : ":"));
        counted(job, "equal", "as they were then");
        counted(job, "put_back", dry ? "to put back, deleted since" : "put back, deleted since");
        counted(job, "changed_back", dry ? "to change back" : "changed back");
        counted(job, "deleted", dry ? "to delete, made since" : "deleted, made since");
        counted(job, "expired_since", "that have expired since");
        counted(job, "written_meanwhile", "written after " + Json.text(job, "since", "?") + ", left alone");
        counted(job, "not_in_archive", "of which the archive does not have what they held, left alone");
        counted(job, "failed", "that the store did not take");
        job.path("holes").forEach(hole -> remark(Words.visible(hole.asString(""))));
    }

    private void counted(JsonNode job, String fate, String words) {
        long count = job.path("keys").path(fate).asLong(0);
        if (count == 0 && !fate.equals("equal")) {
            return;
        }
        say("  " + Words.count(count, "key") + " " + words);
        List<String> sample = job.path("samples")
                .path(fate)
                .valueStream()
                .map(key -> Words.visible(key.asString("")))
                .toList();
        if (!sample.isEmpty()) {
            say("    such as "
                    + sample.stream().limit(3).map(RestoreCommand::shortened).collect(Collectors.joining(", ")));
        }
    }

    private static String shortened(String key) {
        return key.length() <= 20 ? key : key.substring(0, 18) + "..";
    }

    private static void judge(JsonNode job) {
        BackupJob.judge(job);
        long failed = job.path("keys").path("failed").asLong(0);
        if (failed > 0) {
            throw new Failure(
                    Failure.FAILED,
                    Words.count(failed, "key") + " not restored: " + Json.text(job, "last_failure", "")
                            + " The same again goes on with them.");
        }
        if (job.path("keys").path("not_in_archive").asLong(0) > 0
                || !job.path("holes").isEmpty()) {
            throw new Failure(Failure.FAILED, "It is not certain that all is as it was then.");
        }
    }
}
