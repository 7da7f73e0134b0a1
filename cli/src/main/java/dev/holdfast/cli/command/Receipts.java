package dev.holdfast.cli.command;

import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.http.Reply;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a write came to, in words. */
final class Receipts {
    private Receipts() {}

    static String etag(@Nullable String version) {
        return "*".equals(version) ? "*" : "\"" + version + "\"";
    }

    static void print(Remote command, Api store, String namespace, Reply reply) {
        if (reply.status() == 412) {
            JsonNode current = reply.json().path("current");
            throw new Failure(
                    Failure.FAILED,
                    "Nothing was written: the key "
                            + (current.isString() ? "is at version " + current.stringValue() : "has no value")
                            + ".");
        }
        if (reply.status() == 504) {
            throw new Failure(
                    Failure.FAILED,
                    "Unknown: the write may have happened or not. "
                            + reply.problem().message() + "\nRead the key to see; writing it again is safe.");
        }
        JsonNode receipt = Namespaces.require(store, reply, namespace).json();
        if (command.connection.json()) {
            command.document(receipt);
            return;
        }
        long domains = receipt.path("domains").asLong(0);
        List<String> hinted = names(receipt.path("hinted"));
        boolean few = receipt.path("short").asBoolean(false);
        command.say("version " + Json.text(receipt, "version", "?") + " in "
                + String.join(", ", names(receipt.path("homes"))) + " ("
                + Words.count(domains, "failure domain")
                + (few ? ", short of the namespace's durability" : "") + ")");
        if (!hinted.isEmpty()) {
            command.remark("Will get it later: " + String.join(", ", hinted));
        }
    }

    static List<String> names(JsonNode array) {
        return array.valueStream().map(name -> name.asString("?")).toList();
    }
}
