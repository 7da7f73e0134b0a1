package dev.holdfast.cli.command;

import dev.holdfast.cli.Progress;
import dev.holdfast.cli.Shell;
import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import dev.holdfast.client.transport.Percent;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Sends a file to the server in batches, of as many items as REST v4 clients send at once. */
abstract class KvBulk extends Remote {
    private static final int BATCH_ITEMS = 1_000;

    /** Far below the 100 MB that a request may have, so that a batch with large values does not take long to fail. */
    private static final long BATCH_CHARACTERS = 16_000_000;

    @Parameters(index = "0", paramLabel = "NAMESPACE", description = "Id or title.")
    String namespace = "";

    @Parameters(index = "1", paramLabel = "FILE", description = "A JSON array, or JSON lines; - is standard input.")
    Path path = Path.of("-");

    KvBulk(Shell shell) {
        super(shell);
    }

    /** @return the item as it is sent; @throws Failure made by {@code file} when it is not one */
    abstract JsonNode item(BulkFile file, JsonNode read);

    /** Sends all, in order. A batch that fails ends it; those before it stay done, and all of it may be sent again. */
    final long sendAll(String doing, String method, String operation) throws IOException {
        long done = 0;
        try (Api store = connection.store();
                BulkFile file = BulkFile.open(shell, path);
                Progress progress = new Progress(shell, doing, "bytes", file.size())) {
            JsonNode found = Namespaces.find(store, namespace, false);
            String target = "/client/v4/accounts/" + Percent.encode(Json.text(found, "account", ""))
                    + "/storage/kv/namespaces/" + Json.text(found, "id", "") + operation;
            while (file.hasNext()) {
                ArrayNode batch = nextBatch(file);
                done += send(store, method, target, batch, done);
                progress.at(file.position());
            }
        }
        return done;
    }

    private ArrayNode nextBatch(BulkFile file) {
        ArrayNode batch = Json.array();
        long characters = 0;
        while (batch.size() < BATCH_ITEMS && characters < BATCH_CHARACTERS && file.hasNext()) {
            JsonNode item = item(file, file.next());
            characters += Json.text(item, "value", "").length();
            batch.add(item);
        }
        return batch;
    }

    private static long send(Api store, String method, String target, ArrayNode batch, long before) {
        try {
            JsonNode result =
                    store.require(store.send(method, target, batch)).json().path("result");
            int unsuccessful = result.path("unsuccessful_keys").size();
            if (unsuccessful > 0) {
                throw new Failure(
                        Failure.FAILED,
                        Words.count(unsuccessful, "key") + " not done, among them \""
                                + result.path("unsuccessful_keys").path(0).asString("") + "\".");
            }
            return result.path("successful_key_count").asLong(batch.size());
        } catch (Failure failed) {
            throw new Failure(
                    failed.exitCode(),
                    failed.getMessage() + "\nStopped in the batch of items " + (before + 1) + " to "
                            + (before + batch.size()) + "; the " + before
                            + " before it are done. The same command again is safe.",
                    failed);
        }
    }

    final void report(String verb, long done) {
        if (connection.json()) {
            document(Json.object().put("done", done));
        } else {
            say(verb + " " + Words.count(done, "key") + ".");
        }
    }
}
