package dev.holdfast.cli.command;

import dev.holdfast.cli.Shell;
import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.http.Reply;
import dev.holdfast.client.transport.Percent;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "get",
        description = "Prints a value as it is, byte for byte.",
        footer = {
            "%nExample:",
            "  holdfast kv get settings theme --mode confirmed",
            "  holdfast kv get assets logo.png > logo.png"
        })
public final class KvGet extends Remote {
    @Parameters(paramLabel = "NAMESPACE", description = "Id or title.")
    private String namespace = "";

    @Parameters(paramLabel = "KEY", description = "The key.")
    private String key = "";

    @Option(
            names = "--mode",
            paramLabel = "cached|confirmed|fresh",
            description = {
                "How sure it must be that it is the newest:",
                "cached, for the server's time to live, which is what there is without it; confirmed by providers now;"
                        + " fresh, by every provider that can be reached."
            })
    private @Nullable String mode;

    public KvGet(Shell shell) {
        super(shell);
    }

    @Override
    void run() throws IOException {
        try (Api store = connection.store()) {
            Reply reply = store.get(Namespaces.valuePath(namespace, key) + query());
            if (reply.status() == 404 && !reply.problem().code().contains("namespace")) {
                throw new Failure(
                        Failure.FAILED,
                        "There is no key \"" + Words.visible(key) + "\" in " + namespace
                                + "; what each provider says of it: holdfast explain " + namespace + " KEY");
            }
            Namespaces.require(store, reply, namespace);
            if (connection.json()) {
                document(entry(key, reply));
            } else {
                shell.out().write(reply.body());
                if (reply.header("holdfast-confirmed").orElse("true").equals("false")) {
                    remark(unconfirmed(reply));
                }
            }
        }
    }

    private String query() {
        return mode == null ? "" : "?mode=" + Percent.encode(mode);
    }

    private static String unconfirmed(Reply reply) {
        if (!reply.header("cf-cache-status").orElse("").equals("STALE")) {
            return "Not confirmed: too few providers could be asked.";
        }
        long age = 1_000 * reply.numberHeader("age").orElse(0);
        return "Not confirmed: the last known good, " + Words.duration(age) + " old.";
    }

    /** A key and its value in the form that {@code kv bulk put} reads, and what the server said of it. */
    static ObjectNode entry(String key, Reply reply) {
        ObjectNode entry = Json.object().put("key", key);
        ValueText.into(entry, reply.body());
        reply.utf8Header("holdfast-metadata")
                .filter(text -> !text.isEmpty())
                .ifPresent(text -> entry.set("metadata", Json.MAPPER.readTree(text)));
        reply.numberHeader("holdfast-expiration").ifPresent(seconds -> entry.put("expiration", seconds));
        reply.header("holdfast-version").ifPresent(version -> entry.put("version", version));
        reply.header("holdfast-source").ifPresent(source -> entry.put("source", source));
        reply.header("holdfast-confirmed").ifPresent(text -> entry.put("confirmed", Boolean.parseBoolean(text)));
        return entry;
    }
}
