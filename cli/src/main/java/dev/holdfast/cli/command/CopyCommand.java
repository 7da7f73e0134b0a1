package dev.holdfast.cli.command;

import dev.holdfast.cli.Progress;
import dev.holdfast.cli.Shell;
import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.portability.ExportStream;
import dev.holdfast.cli.portability.Importer;
import dev.holdfast.cli.portability.Importer.Counts;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "copy",
        description = {
            "Copies the keys of a namespace to another one, which has to exist: an export that is imported on its way.",
            "Into an empty one they go at the versions they have. After it was cut off, run it again, with"
                    + " --on-conflict skip to be quicker."
        },
        footer = {
            "%nExample:",
            "  holdfast namespace create settings-2",
            "  holdfast copy settings settings-2 --dry-run",
            "  holdfast copy settings settings-2 --prefix feature:"
        })
public final class CopyCommand extends Remote {
    @Parameters(index = "0", paramLabel = "FROM", description = "Id or title of the namespace that is read.")
    private String from = "";

    @Parameters(index = "1", paramLabel = "TO", description = "Id or title of the one that is written.")
    private String to = "";

    @Option(names = "--prefix", paramLabel = "PREFIX", description = "Only keys that begin so.")
    private String prefix = "";

    @Mixin
    private final ConflictOption conflict = new ConflictOption();

    @Mixin
    private final JurisdictionOption jurisdiction = new JurisdictionOption();

    @Option(names = "--rate", paramLabel = "N", description = "At most so many keys a second.")
    private long rate;

    @Option(names = "--dry-run", description = "Only say what would be; nothing is written.")
    private boolean dryRun;

    public CopyCommand(Shell shell) {
        super(shell);
    }

    @Override
    void run() throws IOException {
        Rates.check(rate);
        try (Api store = connection.store()) {
            JsonNode fromRoom = room(store, from);
            JsonNode toRoom = room(store, to);
            String source = Json.text(fromRoom, "id", "");
            String target = Json.text(toRoom, "id", "");
            jurisdiction.require(Json.text(fromRoom, "jurisdiction", ""), Json.text(toRoom, "jurisdiction", ""));
            if (source.equals(target)) {
                throw new Failure(Failure.USAGE, from + " and " + to + " are the same namespace.");
            }
            var reading = new ExportStream.Wish(Namespaces.path(source), prefix, true, rate);
            copy(store, reading, new Importer.Wish(Namespaces.path(target), conflict.word(), dryRun, 0));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new Failure(Failure.FAILED, "Interrupted.", stopped);
        }
    }

    private static JsonNode room(Api store, String namespace) {
        return Namespaces.require(store, store.get(Namespaces.path(namespace)), namespace)
                .json();
    }

    private void copy(Api store, ExportStream.Wish reading, Importer.Wish writing)
            throws IOException, InterruptedException {
        long began = System.nanoTime();
        JsonNode begun = Importer.begin(store, writing);
        String id = Json.text(begun, "import", "");
        if (!begun.path("keeps_versions").asBoolean(false)) {
            remark(to + " is not empty, so every key gets a new version.");
        }
        Importer importer = new Importer(store, writing, id.isEmpty() ? null : id, Counts.NONE, this::remark);
        boolean confirmed;
        try (ExportStream lines = new ExportStream(store, reading, "", this::remark);
                Progress progress = new Progress(shell, dryRun ? "Looking" : "Copying", "keys", -1)) {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                if (importer.add(line)) {
                    progress.at(importer.counts().lines());
                }
            }
            importer.send();
            confirmed = lines.confirmed();
        } catch (Failure stopped) {
            throw new Failure(
                    stopped.exitCode(),
                    stopped.getMessage() + "\nStopped after "
                            + Words.count(importer.counts().lines(), "key") + ".",
                    stopped);
        }
        Importer.end(store, writing, id.isEmpty() ? null : id);
        Imported done = new Imported(importer.counts(), dryRun, System.nanoTime() - began);
        if (connection.json()) {
            document(done.json().put("confirmed", confirmed));
        } else {
            say(done.text());
        }
        if (!confirmed) {
            throw new Failure(
                    Failure.FAILED,
                    "Not confirmed: a provider could not be asked, so keys or newer values may be missing.");
        }
    }
}
