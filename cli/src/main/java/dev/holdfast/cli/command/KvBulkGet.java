package dev.holdfast.cli.command;

import dev.holdfast.cli.Progress;
import dev.holdfast.cli.Shell;
import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "get",
        description =
                "Reads the keys named in a file and prints them in the form that bulk put reads, in the same order."
                        + " Values that are not UTF-8 come in base64. Missing keys are named on stderr.",
        footer = {
            "%nExample:",
            "  holdfast kv list settings --json > keys.json",
            "  holdfast kv bulk get settings keys.json > backup.json"
        })
public final class KvBulkGet extends Remote {
    /** Requests under way at once; also the most values held in memory. */
    private static final int WINDOW = 16;

    private static final int NAMED = 10;

    @Parameters(index = "0", paramLabel = "NAMESPACE", description = "Id or title.")
    private String namespace = "";

    @Parameters(index = "1", paramLabel = "FILE", description = "A JSON array, or JSON lines; - is standard input.")
    private Path path = Path.of("-");

    private long found;
    private long missing;

    public KvBulkGet(Shell shell) {
        super(shell);
    }

    private record Asked(String key, Future<Reply> reply) {}

    @Override
    void run() throws IOException {
        ArrayDeque<Asked> window = new ArrayDeque<>();
        try (Api store = connection.store();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                BulkFile file = BulkFile.open(shell, path);
                Progress progress = new Progress(shell, "Reading", "bytes of " + path, file.size())) {
            String id = Namespaces.id(store, namespace);
            while (file.hasNext()) {
                String key = KvBulkDelete.keyOf(file, file.next()).stringValue();
                window.add(new Asked(key, threads.submit(() -> store.get(Namespaces.valuePath(id, key)))));
                if (window.size() == WINDOW) {
                    print(store, window.remove());
                }
                progress.at(file.position());
            }
            while (!window.isEmpty()) {
                print(store, window.remove());
            }
        }
        if (!connection.json()) {
            say(found == 0 ? "[]" : "\n]");
        }
        if (missing > 0) {
            remark(Words.count(missing, "key") + " of " + (found + missing) + " not there.");
        }
    }

    private void print(Api store, Asked asked) {
        Reply reply = answer(asked);
        if (reply.status() == 404) {
            if (++missing <= NAMED) {
                remark("No key \"" + Words.visible(asked.key) + "\".");
            }
            return;
        }
        JsonNode entry = KvGet.entry(asked.key, store.require(reply));
        if (connection.json()) {
            line(entry);
        } else {
            shell.out().print((found == 0 ? "[\n" : ",\n") + entry);
        }
        found++;
    }

    private static Reply answer(Asked asked) {
        try {
            return asked.reply.get();
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof Failure failure
                    ? failure
                    : new Failure(Failure.FAILED, String.valueOf(failed.getCause()), failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new Failure(Failure.FAILED, "Interrupted.", stopped);
        }
    }
}
