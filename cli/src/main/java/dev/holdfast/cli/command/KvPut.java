package dev.holdfast.cli.command;

import dev.holdfast.cli.Shell;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.http.Reply;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;

@Command(
        name = "put",
        description = "Writes a value, and prints its version and the providers that hold it.",
        footer = {
            "%nThe value is the argument, or a file (--file), or standard input.",
            "%nExample:",
            "  holdfast kv put settings theme dark",
            "  holdfast kv put assets logo.png --file logo.png --metadata '{\"width\":64}'",
            "  holdfast kv put sessions user:42 active --ttl 3600",
            "  holdfast kv put settings theme light --if-match 0192f3a4b5c60001"
        })
public final class KvPut extends Remote {
    private static final int LARGEST = 25 << 20;

    @Parameters(index = "0", paramLabel = "NAMESPACE", description = "Id or title.")
    private String namespace = "";

    @Parameters(index = "1", paramLabel = "KEY", description = "1 to 512 bytes of UTF-8.")
    private String key = "";

    @Parameters(index = "2", arity = "0..1", paramLabel = "VALUE", description = "At most 25 MiB.")
    private @Nullable String value;

    @Option(names = "--file", paramLabel = "FILE", description = "Read the value from a file; - is standard input.")
    private @Nullable Path file;

    @Option(
            names = "--metadata",
            paramLabel = "JSON",
            description = "At most 1024 bytes of JSON, kept beside the value.")
    private @Nullable String metadata;

    @ArgGroup(exclusive = true, multiplicity = "0..1")
    private @Nullable End end;

    @ArgGroup(exclusive = true, multiplicity = "0..1")
    private @Nullable Condition condition;

    static final class End {
        @Option(names = "--ttl", paramLabel = "SECONDS", description = "Expires so many seconds from now; 60 or more.")
        private @Nullable Long ttl;

        @Option(names = "--expiration", paramLabel = "TIME", description = "Expires then, in seconds since 1970.")
        private @Nullable Long expiration;
    }

    static final class Condition {
        @Option(names = "--if-match", paramLabel = "VERSION", description = "Only if the key is at this version.")
        private @Nullable String version;

        @Option(names = "--if-absent", description = "Only if the key has no value.")
        private boolean absent;
    }

    public KvPut(Shell shell) {
        super(shell);
    }

    @Override
    void run() throws IOException {
        Map<String, String> headers = new HashMap<>();
        headers.put("Content-Type", "application/octet-stream");
        if (metadata != null) {
            headers.put("Holdfast-Metadata", normal(metadata));
        }
        if (condition != null) {
            headers.put(
                    condition.absent ? "If-None-Match" : "If-Match",
                    condition.absent ? "*" : Receipts.etag(condition.version));
        }
        BodyPublisher body = body();
        try (Api store = connection.store()) {
            Reply reply = store.call("PUT", Namespaces.valuePath(namespace, key) + query(), headers, body);
            Receipts.print(this, store, namespace, reply);
        }
    }

    private String query() {
        if (end == null) {
            return "";
        }
        return end.ttl != null ? "?expiration_ttl=" + end.ttl : "?expiration=" + end.expiration;
    }

    private BodyPublisher body() throws IOException {
        if (value != null && file != null) {
            throw new Failure(Failure.USAGE, "Both a VALUE and --file are given; which one is it?");
        }
        if (value != null) {
            return BodyPublishers.ofByteArray(value.getBytes(StandardCharsets.UTF_8));
        }
        if (file != null && !file.toString().equals("-")) {
            try {
                return BodyPublishers.ofFile(file);
            } catch (FileNotFoundException missing) {
                throw new Failure(Failure.USAGE, "There is no file " + file + " that can be read.", missing);
            }
        }
        byte[] read = shell.in().readNBytes(LARGEST + 1);
        if (read.length > LARGEST) {
            throw new Failure(Failure.USAGE, "Standard input holds more than 25 MiB, the most a value may have.");
        }
        return BodyPublishers.ofByteArray(read);
    }

    private static String normal(String metadata) {
        try {
            return Json.ascii(Json.MAPPER.readTree(metadata));
        } catch (JacksonException notJson) {
            throw new Failure(
                    Failure.USAGE,
                    "--metadata is not JSON: " + notJson.getOriginalMessage() + "\nText is put in quotes: '\"text\"'",
                    notJson);
        }
    }
}
