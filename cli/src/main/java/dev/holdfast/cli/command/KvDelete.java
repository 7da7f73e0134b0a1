package dev.holdfast.cli.command;

import dev.holdfast.cli.Connection;
import dev.holdfast.cli.Shell;
import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Reply;
import dev.holdfast.client.transport.Percent;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "delete",
        description = "Deletes a key, or every key with a prefix. Deleting what is not there succeeds.",
        footer = {
            "%nExample:",
            "  holdfast kv delete settings theme",
            "  holdfast kv delete sessions --prefix user:42: --dry-run",
            "  holdfast kv delete sessions --prefix user:42: --yes"
        })
public final class KvDelete extends Remote {
    /** Deleting a million keys is one request. */
    private static final Duration LONG_DEADLINE = Duration.ofHours(6);

    @Parameters(index = "0", paramLabel = "NAMESPACE", description = "Id or title.")
    private String namespace = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "KEY", description = "The key.")
    private @Nullable String key;

    @Option(names = "--prefix", paramLabel = "PREFIX", description = "Every key that begins so; \"\" is every key.")
    private @Nullable String prefix;

    @Option(names = "--dry-run", description = "With --prefix: say what would be deleted, and delete nothing.")
    private boolean dryRun;

    @Option(names = "--yes", description = "With --prefix: do not ask (it asks on a terminal only).")
    private boolean yes;

    @Option(names = "--if-match", paramLabel = "VERSION", description = "Only if the key is at this version.")
    private @Nullable String version;

    public KvDelete(Shell shell) {
        super(shell);
    }

    @Override
    void run() throws IOException {
        if ((key == null) == (prefix == null)) {
            throw new Failure(Failure.USAGE, "Name one KEY, or --prefix PREFIX for all that begin so.");
        }
        if (key == null ? version != null : dryRun || yes) {
            throw new Failure(Failure.USAGE, "--dry-run and --yes go with --prefix, --if-match with one KEY.");
        }
        try (Api store = connection.api(connection.dataUrl(), prefix == null ? Connection.DEADLINE : LONG_DEADLINE)) {
            if (key != null) {
                Map<String, String> headers = version == null ? Map.of() : Map.of("If-Match", Receipts.etag(version));
                Reply reply =
                        store.call("DELETE", Namespaces.valuePath(namespace, key), headers, BodyPublishers.noBody());
                Receipts.print(this, store, namespace, reply);
            } else {
                deleteAll(store, prefix == null ? "" : prefix);
            }
        }
    }

    private void deleteAll(Api store, String begin) throws IOException {
        if (!dryRun && !yes && shell.asked()) {
            long matched = ask(store, begin, true).path("matched").asLong(0);
            if (!shell.confirm("Delete " + Words.count(matched, "key") + " that " + (matched == 1 ? "begins" : "begin")
                    + " with \"" + Words.visible(begin) + "\" in " + namespace + "?")) {
                throw new Failure(Failure.FAILED, "Nothing was deleted.");
            }
        }
        JsonNode result = ask(store, begin, dryRun);
        if (connection.json()) {
            document(result);
        } else {
            print(result);
        }
        long failed = result.path("failed").asLong(0);
        if (failed > 0) {
            throw new Failure(
                    Failure.FAILED,
                    Words.count(failed, "key") + " could not be deleted; the same command again is safe.");
        }
    }

    private void print(JsonNode result) {
        long matched = result.path("matched").asLong(0);
        say(
                dryRun
                        ? "Would delete " + Words.count(matched, "key") + "."
                        : "Deleted " + result.path("deleted").asLong(0) + " of " + Words.count(matched, "key") + ".");
        List<String> sample = Receipts.names(result.path("sample"));
        for (String name : dryRun ? sample : List.<String>of()) {
            say("  " + Words.visible(name));
        }
        if (dryRun && matched > sample.size()) {
            say("  … and " + (matched - sample.size()) + " more");
        }
    }

    private JsonNode ask(Api store, String begin, boolean dry) {
        String path =
                Namespaces.path(namespace) + "/keys?prefix=" + Percent.encode(begin) + (dry ? "&dry-run=true" : "");
        return Namespaces.require(store, store.delete(path), namespace).json();
    }
}
