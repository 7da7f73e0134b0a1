package dev.holdfast.cli.command;

import dev.holdfast.cli.Progress;
import dev.holdfast.cli.Shell;
import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Json;
import dev.holdfast.client.transport.Percent;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "list",
        description = "Prints the names of keys in the order of their bytes, one a line. With --json: JSON lines with"
                + " version, size, expiration and metadata.",
        footer = {
            "%nExample:",
            "  holdfast kv list sessions --prefix user:42:",
            "  holdfast kv list sessions --long --limit 20",
            "  holdfast kv list settings --values"
        })
public final class KvList extends Remote {
    private static final int PAGE = 1_000;

    @Parameters(paramLabel = "NAMESPACE", description = "Id or title.")
    private String namespace = "";

    @Option(names = "--prefix", paramLabel = "PREFIX", description = "Only keys that begin so.")
    private String prefix = "";

    @Option(names = "--limit", paramLabel = "N", description = "At most so many keys. Default: all.")
    private long limit = Long.MAX_VALUE;

    @Option(names = "--long", description = "Beside each name its version, size in bytes, expiration and metadata.")
    private boolean full;

    @Option(
            names = "--values",
            description = "Last on each line the value. With --json: in \"value\", or in \"value_base64\" when it is no"
                    + " UTF-8.")
    private boolean values;

    public KvList(Shell shell) {
        super(shell);
    }

    @Override
    void run() {
        long printed = 0;
        boolean confirmed = true;
        String cursor = "";
        try (Api store = connection.store();
                Progress progress = new Progress(shell, "Listing", "keys", -1)) {
            do {
                JsonNode page = page(store, cursor, Math.min(PAGE, limit - printed));
                for (JsonNode key : page.path("keys")) {
                    print(key);
                    printed++;
                }
                confirmed &= page.path("confirmed").asBoolean(true);
                cursor = Json.text(page, "cursor", "");
                progress.at(printed);
            } while (!cursor.isEmpty() && printed < limit);
        }
        if (!confirmed) {
            remark("Not confirmed: a provider could not be asked, so keys may be missing.");
        }
    }

    private JsonNode page(Api store, String cursor, long size) {
        List<String> query = new ArrayList<>(List.of("limit=" + size));
        if (!prefix.isEmpty()) {
            query.add("prefix=" + Percent.encode(prefix));
        }
        if (values) {
            query.add("values=true");
        }
        if (!cursor.isEmpty()) {
            query.add("cursor=" + Percent.encode(cursor));
        }
        String path = Namespaces.path(namespace) + "/keys?" + String.join("&", query);
        return Namespaces.require(store, store.get(path), namespace).json();
    }

    private void print(JsonNode key) {
        if (connection.json()) {
            line(key);
            return;
        }
        List<String> columns = new ArrayList<>();
        columns.add(Words.visible(Json.text(key, "name", "")));
        if (full) {
            columns.add(Json.text(key, "version", ""));
            columns.add(key.path("size").asString(""));
            columns.add(key.path("expiration").asString("-"));
            columns.add(key.has("metadata") ? key.path("metadata").toString() : "-");
        }
        if (values) {
            columns.add(
                    key.has("value")
                            ? Words.visible(Json.text(key, "value", ""))
                            : "(" + key.path("size").asString("") + " bytes that are no text)");
        }
        say(String.join("\t", columns));
    }
}
