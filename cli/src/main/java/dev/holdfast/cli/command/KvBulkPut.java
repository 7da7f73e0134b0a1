package dev.holdfast.cli.command;

import dev.holdfast.cli.Shell;
import java.io.IOException;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "put",
        description = "Writes many keys from a file: {\"key\", \"value\", \"expiration\"?, \"expiration_ttl\"?,"
                + " \"metadata\"?, \"base64\"?}, as wrangler reads it.",
        footer = {
            "%nExample:",
            "  echo '[{\"key\":\"a\",\"value\":\"1\"},{\"key\":\"b\",\"value\":\"2\"}]' > pairs.json",
            "  holdfast kv bulk put settings pairs.json"
        })
public final class KvBulkPut extends KvBulk {
    public KvBulkPut(Shell shell) {
        super(shell);
    }

    @Override
    void run() throws IOException {
        report("Wrote", sendAll("Writing", "PUT", "/bulk"));
    }

    @Override
    JsonNode item(BulkFile file, JsonNode read) {
        if (!(read instanceof ObjectNode item)
                || !item.path("key").isString()
                || !item.path("value").isString()) {
            throw file.refused("expected {\"key\": \"…\", \"value\": \"…\"}, both text");
        }
        // What "kv bulk get" adds about where the value came from is not for writing.
        return item.without(java.util.List.of("version", "source", "confirmed"));
    }
}
