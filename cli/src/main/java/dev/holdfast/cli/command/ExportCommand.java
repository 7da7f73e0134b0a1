package dev.holdfast.cli.command;

import dev.holdfast.cli.Progress;
import dev.holdfast.cli.Shell;
import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.portability.ExportFile;
import dev.holdfast.cli.portability.ExportStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "export",
        description = {
            "Writes a namespace to a file: a line of JSON for each key, with value, metadata, expiration and version.",
            "It has all that was acknowledged before it began. A file whose name ends with .gz is compressed."
        },
        footer = {
            "%nExample:",
            "  holdfast export settings settings.jsonl.gz",
            "  holdfast export settings settings.jsonl.gz --resume   # after it was cut off",
            "  holdfast export settings | jq -r 'select(.key).key'",
            "%nThe format, and how to read it without Holdfast: docs/portability.md"
        })
public final class ExportCommand extends Remote {
    @Parameters(index = "0", paramLabel = "NAMESPACE", description = "Id or title.")
    private String namespace = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "FILE",
            description = "Where to; - is standard output. Default: -")
    private Path file = Path.of("-");

    @Option(names = "--prefix", paramLabel = "PREFIX", description = "Only keys that begin so.")
    private String prefix = "";

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "At most so many keys a second. Default: as fast as it goes; users come first all the same.")
    private long rate;

    @Option(names = "--resume", description = "Go on with FILE after the last whole line that it has.")
    private boolean resume;

    @Option(names = "--dry-run", description = "Only count keys and the bytes of their values.")
    private boolean dryRun;

    public ExportCommand(Shell shell) {
        super(shell);
    }

    @Override
    void run() throws IOException {
        Rates.check(rate);
        boolean toFile = !file.toString().equals("-");
        if (resume && !toFile) {
            throw new Failure(Failure.USAGE, "--resume needs a FILE.");
        }
        var wish = new ExportStream.Wish(Namespaces.path(namespace), prefix, !dryRun, rate);
        try (Api store = connection.store()) {
            Namespaces.require(store, store.get(Namespaces.path(namespace)), namespace);
            if (dryRun) {
                count(store, wish);
                return;
            }
            try (ExportFile to = toFile ? ExportFile.open(file, resume) : ExportFile.to(shell.out())) {
                if (to.whole()) {
                    remark(file + " is whole already: " + Words.count(to.keys(), "key") + ".");
                } else {
                    export(store, wish, to, toFile);
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new Failure(Failure.FAILED, "Interrupted.", stopped);
        }
    }

    private void export(Api store, ExportStream.Wish wish, ExportFile to, boolean toFile)
            throws IOException, InterruptedException {
        long began = System.nanoTime();
        long before = to.keys();
        boolean confirmed;
        try (ExportStream from = new ExportStream(store, wish, to.lastKey(), this::remark);
                Progress progress = new Progress(shell, "Exporting", "keys", -1)) {
            if (to.blank()) {
                to.line(from.header());
            }
            for (byte[] line = from.next(); line != null; line = from.next()) {
                to.line(line);
                progress.at(to.keys());
            }
            confirmed = to.end(from.confirmed());
        } catch (Failure stopped) {
            throw !toFile || stopped.exitCode() == Failure.USAGE
                    ? stopped
                    : new Failure(
                            stopped.exitCode(),
                            stopped.getMessage() + "\n" + file + " is cut after " + Words.count(to.keys(), "key")
                                    + "; --resume goes on with it.",
                            stopped);
        }
        if (toFile) {
            report(to, System.nanoTime() - began, to.keys() - before, confirmed);
        }
        if (!confirmed) {
            throw new Failure(
                    Failure.FAILED,
                    "Not confirmed: a provider could not be asked, so keys or newer values may be missing. The lines"
                            + " concerned say so.");
        }
    }

    private void report(ExportFile to, long nanos, long keys, boolean confirmed) throws IOException {
        long millis = Math.max(1, nanos / 1_000_000);
        if (connection.json()) {
            document(Json.object()
                    .put("file", file.toString())
                    .put("keys", to.keys())
                    .put("bytes", Files.size(file))
                    .put("confirmed", confirmed)
                    .put("seconds", millis / 1_000.0));
            return;
        }
        remark(Words.count(to.keys(), "key") + " in " + file + ", " + Words.bytes(Files.size(file)) + ", in "
                + Words.duration(millis) + " (" + keys * 1_000 / millis + " a second).");
    }

    private void count(Api store, ExportStream.Wish wish) throws IOException, InterruptedException {
        long keys = 0;
        long bytes = 0;
        boolean confirmed;
        try (ExportStream from = new ExportStream(store, wish, "", this::remark);
                Progress progress = new Progress(shell, "Counting", "keys", -1)) {
            for (byte[] line = from.next(); line != null; line = from.next()) {
                keys++;
                bytes += Json.MAPPER.readTree(line).path("size").asLong(0);
                progress.at(keys);
            }
            confirmed = from.confirmed();
        }
        if (connection.json()) {
            ObjectNode counted =
                    Json.object().put("keys", keys).put("bytes", bytes).put("confirmed", confirmed);
            document(counted);
        } else {
            say(Words.count(keys, "key") + " with values of " + Words.bytes(bytes) + "; nothing was written.");
        }
        if (!confirmed) {
            remark("Not confirmed: a provider could not be asked, so keys may be missing.");
        }
    }
}
