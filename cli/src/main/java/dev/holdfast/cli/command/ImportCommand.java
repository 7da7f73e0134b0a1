package dev.holdfast.cli.command;

import dev.holdfast.cli.Progress;
import dev.holdfast.cli.Shell;
import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.portability.ImportFile;
import dev.holdfast.cli.portability.ImportState;
import dev.holdfast.cli.portability.Importer;
import dev.holdfast.cli.portability.Importer.Counts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "import",
        description = {
            "Writes the keys of an export to a namespace, which has to exist.",
            "Into an empty one they go at the versions they had, into any other at new ones. A file that is cut or"
                    + " damaged is refused before anything is written."
        },
        footer = {
            "%nExample:",
            "  holdfast namespace create settings-2",
            "  holdfast import settings-2 settings.jsonl.gz --dry-run",
            "  holdfast import settings-2 settings.jsonl.gz",
            "  holdfast import settings-2 --abandon 7c4e01f2a9b3d815",
            "%nHow far it is stands in FILE.import until it is done, for --resume."
        })
public final class ImportCommand extends Remote {
    @Parameters(index = "0", paramLabel = "NAMESPACE", description = "Id or title.")
    private String namespace = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "FILE",
            description = "An export, compressed or not; - is standard input. Default: -")
    private Path file = Path.of("-");

    @picocli.CommandLine.Mixin
    private final ConflictOption conflict = new ConflictOption();

    @picocli.CommandLine.Mixin
    private final JurisdictionOption jurisdiction = new JurisdictionOption();

    @Option(names = "--rate", paramLabel = "N", description = "At most so many keys a second.")
    private long rate;

    @Option(names = "--resume", description = "Go on where an import of FILE was cut off.")
    private boolean resume;

    @Option(names = "--dry-run", description = "Only say what would be; nothing is written.")
    private boolean dryRun;

    @Option(
            names = "--abandon",
            paramLabel = "ID",
            description = "End an import that was broken off where it is, so that it keeps no restore out.")
    private @Nullable String abandon;

    public ImportCommand(Shell shell) {
        super(shell);
    }

    @Override
    void run() throws IOException {
        Rates.check(rate);
        if (abandon != null) {
            abandon(abandon);
            return;
        }
        boolean fromFile = !file.toString().equals("-");
        if (resume && !fromFile) {
            throw new Failure(Failure.USAGE, "--resume needs a FILE.");
        }
        var wish = new Importer.Wish(Namespaces.path(namespace), conflict.word(), dryRun, rate);
        ImportFile.Content content = fromFile ? ImportFile.check(file) : new ImportFile.Content(-1, "");
        try (Api store = connection.store()) {
            JsonNode room =
                    Namespaces.require(store, store.get(wish.path()), namespace).json();
            Path place = fromFile && !dryRun ? ImportState.beside(file) : null;
            ImportState state = begun(store, wish, place, Json.text(room, "id", ""), content.sha256());
            write(store, wish, place, state, content.keys(), Json.text(room, "jurisdiction", ""));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new Failure(Failure.FAILED, "Interrupted.", stopped);
        }
    }

    private void abandon(String id) {
        try (Api store = connection.store()) {
            JsonNode ended = Importer.abandon(store, Namespaces.path(namespace), id);
            if (!ended.path("ended").asBoolean(false)) {
                throw new Failure(Failure.FAILED, "No import " + id + " into " + namespace + " is under way.");
            }
            if (connection.json()) {
                document(ended);
            } else {
                say("Import " + id + " has ended. What it has written stays.");
            }
        }
    }

    private ImportState begun(Api store, Importer.Wish wish, @Nullable Path place, String room, String sha256)
            throws IOException {
        ImportState before = place == null ? null : ImportState.read(place);
        if (before != null && !resume) {
            throw new Failure(
                    Failure.USAGE,
                    place + " says that this file is being imported, "
                            + before.counts().lines() + " keys so far. --resume goes on; delete it to begin anew.");
        }
        if (before != null) {
            if (!before.namespace().equals(room) || !before.sha256().equals(sha256)) {
                throw new Failure(
                        Failure.USAGE,
                        place + " is of another import: of another namespace, or " + file + " has changed since.");
            }
            return before;
        }
        JsonNode begun = Importer.begin(store, wish);
        String id = Json.text(begun, "import", "");
        ImportState state = new ImportState(room, sha256, id.isEmpty() ? null : id, Counts.NONE);
        if (place != null) {
            state.write(place);
        }
        if (!begun.path("keeps_versions").asBoolean(false)) {
            remark("The namespace is not empty, so every key gets a new version.");
        }
        return state;
    }

    private void write(
            Api store, Importer.Wish wish, @Nullable Path place, ImportState state, long total, String target)
            throws IOException, InterruptedException {
        long began = System.nanoTime();
        Importer importer = new Importer(store, wish, state.id(), state.counts(), this::remark);
        try (ImportFile from = place == null && total < 0 ? ImportFile.of(shell.in()) : ImportFile.open(file);
                Progress progress = new Progress(shell, dryRun ? "Looking" : "Importing", "keys", total)) {
            for (long done = state.counts().lines(); done > 0; done--) {
                from.next();
            }
            for (byte[] line = from.next(); line != null; line = from.next()) {
                jurisdiction.require(from.jurisdiction(), target);
                if (importer.add(line)) {
                    keep(place, state, importer);
                    progress.at(importer.counts().lines());
                }
            }
            importer.send();
            keep(place, state, importer);
        } catch (Failure stopped) {
            throw place == null
                    ? stopped
                    : new Failure(
                            stopped.exitCode(),
                            stopped.getMessage() + "\nStopped after "
                                    + Words.count(importer.counts().lines(), "key") + "; --resume goes on.",
                            stopped);
        }
        Importer.end(store, wish, state.id());
        if (place != null) {
            Files.deleteIfExists(place);
        }
        Imported done = new Imported(importer.counts(), dryRun, System.nanoTime() - began);
        if (connection.json()) {
            document(done.json());
        } else {
            say(done.text());
        }
    }

    private static void keep(@Nullable Path place, ImportState state, Importer importer) throws IOException {
        if (place != null) {
            state.at(importer.counts()).write(place);
        }
    }
}
