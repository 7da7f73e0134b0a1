package dev.holdfast.cli.command;

import dev.holdfast.cli.Shell;
import dev.holdfast.cli.Table;
import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import dev.holdfast.client.transport.Percent;
import dev.holdfast.server.token.AdminTokenFile;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code holdfast token …}. */
public final class TokenCommands {
    private static final List<String> PERMISSIONS = List.of("read", "write", "list", "admin");

    private TokenCommands() {}

    @Command(
            name = "create",
            description = "Makes a token and prints it, once: the server keeps only its hash.",
            footer = {
                "%nExample:",
                "  holdfast token create shop --namespace orders --permission read,write,list",
                "  holdfast token create backup --permission read,list --for 24h"
            })
    public static final class Create extends Remote {
        @Parameters(paramLabel = "NAME", description = "For people: who or what uses it.")
        private String name = "";

        @Option(
                names = "--namespace",
                paramLabel = "NAMESPACE",
                split = ",",
                description = "Where it holds: ids or titles. Default: everywhere.")
        private List<String> namespaces = List.of("*");

        @Option(
                names = "--permission",
                paramLabel = "PERMISSION",
                split = ",",
                description = "What it allows: read, write, list, admin. Default: read,write,list.")
        private List<String> permissions = List.of("read", "write", "list");

        @Option(
                names = "--for",
                paramLabel = "TIME",
                description = "How long it holds, such as 24h or 30d. Default: for ever.")
        private @Nullable String lifetime;

        public Create(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            ObjectNode body = Json.object().put("name", name);
            ArrayNode allowed = body.putArray("permissions");
            for (String permission : permissions) {
                if (!PERMISSIONS.contains(permission)) {
                    throw new Failure(
                            Failure.USAGE,
                            "There is no permission \"" + permission + "\"; there are " + String.join(", ", PERMISSIONS)
                                    + ".");
                }
                allowed.add(permission);
            }
            if (lifetime != null) {
                body.put(
                        "expires_at",
                        Instant.now().plus(Durations.parse("--for", lifetime)).getEpochSecond());
            }
            ArrayNode where = body.putArray("namespaces");
            try (Api control = connection.control()) {
                for (String namespace : namespaces) {
                    where.add(namespace.equals("*") ? namespace : idOf(namespace));
                }
                JsonNode made = control.require(control.send("POST", "/v1/tokens", body))
                        .json();
                if (connection.json()) {
                    document(made);
                } else {
                    say(Json.text(made, "token", ""));
                    remark("Token " + Json.text(made, "id", "") + ". It is shown this once; keep it safe.");
                }
            }
        }

        private String idOf(String namespace) {
            try (Api store = connection.store()) {
                return Namespaces.id(store, namespace);
            }
        }
    }

    @Command(
            name = "list",
            description = "Lists tokens: never the tokens themselves.",
            footer = {"%nExample:", "  holdfast token list"})
    public static final class Listing extends Remote {
        public Listing(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            try (Api control = connection.control()) {
                JsonNode answer = control.require(control.get("/v1/tokens")).json();
                JsonNode all = answer.isArray() ? answer : answer.path("tokens");
                if (connection.json()) {
                    document(all);
                    return;
                }
                Table table = new Table("ID", "NAME", "NAMESPACES", "PERMISSIONS", "EXPIRES");
                for (JsonNode one : all) {
                    JsonNode end = one.path("expires_at");
                    table.row(
                            Json.text(one, "id", ""),
                            Words.visible(Json.text(one, "name", "")),
                            String.join(",", Receipts.names(one.path("namespaces"))),
                            String.join(",", Receipts.names(one.path("permissions"))),
                            end.isNumber()
                                    ? Instant.ofEpochSecond(end.asLong(0)).toString()
                                    : "never");
                }
                shell.out().print(table);
            }
        }
    }

    @Command(
            name = "revoke",
            description = "Ends a token, for good and at once.",
            footer = {"%nExample:", "  holdfast token list", "  holdfast token revoke 3f9a1c77"})
    public static final class Revoke extends Remote {
        @Parameters(paramLabel = "ID", description = "Its id, from holdfast token list; not the token itself.")
        private String id = "";

        public Revoke(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            if (id.startsWith("hf_")) {
                throw new Failure(
                        Failure.USAGE,
                        "That looks like a token; name its id, from holdfast token list."
                                + "\nWhat is written on a command line can be read by others: revoke that token.");
            }
            try (Api control = connection.control()) {
                control.require(control.delete("/v1/tokens/" + Percent.encode(id)));
                if (connection.json()) {
                    document(Json.object().put("revoked", id));
                } else {
                    say("Revoked " + id + ".");
                }
            }
        }
    }

    @Command(
            name = "reset-admin",
            description =
                    "Replaces the admin token of a data folder, for who owns the folder. Works on the folder itself,"
                            + " with the server running or stopped; the old admin token ends.",
            footer = {"%nExample:", "  holdfast token reset-admin --data ./holdfast-data"})
    public static final class ResetAdmin extends Remote {
        public ResetAdmin(Shell shell) {
            super(shell);
        }

        @Override
        void run() throws IOException {
            Path folder = connection.data();
            try {
                AdminTokenFile.reset(folder);
            } catch (NoSuchFileException missing) {
                throw new Failure(
                        Failure.FAILED,
                        "There is no data folder " + folder + "; name the server's with --data.",
                        missing);
            } catch (AccessDeniedException denied) {
                throw new Failure(
                        Failure.FAILED,
                        "This user may not write into " + folder + "; run it as the folder's owner.",
                        denied);
            }
            Path file = folder.resolve(AdminTokenFile.NAME);
            if (connection.json()) {
                document(Json.object().put("file", file.toString()));
            } else {
                say("A new admin token is in " + file + ". A running server takes it within a few seconds.");
            }
        }
    }
}
