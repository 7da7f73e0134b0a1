package dev.holdfast.cli.command;

import dev.holdfast.cli.Shell;
import java.io.IOException;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

@Command(
        name = "delete",
        description = "Deletes the keys named in a file: text, or objects with \"name\" or \"key\".",
        footer = {"%nExample:", "  echo '[\"a\",\"b\"]' > keys.json", "  holdfast kv bulk delete settings keys.json"})
public final class KvBulkDelete extends KvBulk {
    public KvBulkDelete(Shell shell) {
        super(shell);
    }

    @Override
    void run() throws IOException {
        report("Deleted", sendAll("Deleting", "POST", "/bulk/delete"));
    }

    @Override
    JsonNode item(BulkFile file, JsonNode read) {
        return keyOf(file, read);
    }

    /** The name of a key, however the file spells it. */
    static JsonNode keyOf(BulkFile file, JsonNode read) {
        JsonNode name = read.isString() ? read : read.path("name").isString() ? read.path("name") : read.path("key");
        if (!name.isString()) {
            throw file.refused("expected the name of a key: \"…\", {\"name\": \"…\"} or {\"key\": \"…\"}");
        }
        return name;
    }
}
