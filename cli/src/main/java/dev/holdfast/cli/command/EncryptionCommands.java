package dev.holdfast.cli.command;

import dev.holdfast.cli.Progress;
import dev.holdfast.cli.Shell;
import dev.holdfast.cli.Table;
import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.http.Poll;
import dev.holdfast.client.transport.Percent;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code holdfast encryption …}. */
public final class EncryptionCommands {
    private static final long POLL_MILLIS = 200;

    private EncryptionCommands() {}

    @Command(
            name = "status",
            description = {
                "Lists the master keys of a node by name and id, and the namespaces that are sealed.",
                "Exit code 1 when the node cannot open what one of them holds."
            },
            footer = {"%nExample:", "  holdfast encryption status"})
    public static final class Status extends Remote {
        public Status(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            try (Api control = connection.control()) {
                JsonNode all = control.require(control.get("/v1/encryption")).json();
                if (connection.json()) {
                    document(all);
                } else {
                    tell(all);
                }
                for (JsonNode namespace : all.path("namespaces")) {
                    requireKeys(namespace);
                }
            }
        }

        private void tell(JsonNode all) {
            for (JsonNode key : all.path("keys")) {
                say("Master key " + Json.text(key, "name", "?") + "  " + Json.text(key, "id", "?"));
            }
            if (all.path("keys").isEmpty()) {
                say("This node has no master key.");
            }
            if (all.path("namespaces").isEmpty()) {
                say("No namespace is sealed.");
                return;
            }
            Table table = new Table("NAMESPACE", "DATA KEY", "MASTER KEY", "DATA KEYS");
            for (JsonNode one : all.path("namespaces")) {
                table.row(
                        Words.visible(Json.text(one, "title", "")),
                        Json.text(one, "data_key", "-"),
                        master(one),
                        Integer.toString(one.path("keys").size()));
            }
            shell.out().print(table);
        }
    }

    @Command(
            name = "seal",
            description = {
                "Has what is written to a namespace from now on sealed, waits until every node does so, and then seals"
                    + " what lies in the clear at every provider. What is sealed is passed by, so it can be ended and"
                    + " begun again.",
                "Exit code 1 when something in the clear is left or may be written still, or a provider could not be"
                        + " read."
            },
            footer = {
                "%nExample:",
                "  holdfast encryption seal people --key eu-2026",
                "  holdfast encryption seal people"
            })
    public static final class Seal extends NamespaceCommands.One {
        @Option(
                names = "--key",
                paramLabel = "NAME",
                description = "The master key of the nodes that wraps its data keys; needed the first time.")
        private @Nullable String key;

        public Seal(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            look(this, "seal", key, "Sealing rows");
        }
    }

    @Command(
            name = "look",
            description = {
                "Counts the rows of a namespace at every provider: how many are sealed, and how many in the clear.",
                "Changes nothing. Exit code 1 as with seal."
            },
            footer = {"%nExample:", "  holdfast encryption look people"})
    public static final class Look extends NamespaceCommands.One {
        public Look(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            look(this, "look", null, "Looking at rows");
        }
    }

    @Command(
            name = "rotate",
            description = "Has what is written from now on sealed under a new data key. What there is stays readable.",
            footer = {"%nExample:", "  holdfast encryption rotate people"})
    public static final class Rotate extends NamespaceCommands.One {
        @Option(
                names = "--key",
                paramLabel = "NAME",
                description = "The master key that wraps it; without, the one that wraps the last.")
        private @Nullable String key;

        public Rotate(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            change(this, "rotate", key);
        }
    }

    @Command(
            name = "rewrap",
            description = {
                "Wraps the data keys of a namespace under another master key. No record changes.",
                "The node that does it needs both; take the old one away when all nodes have the new one."
            },
            footer = {"%nExample:", "  holdfast encryption rewrap people --key eu-2027"})
    public static final class Rewrap extends NamespaceCommands.One {
        @Option(names = "--key", required = true, paramLabel = "NAME", description = "The master key to wrap them.")
        private String key = "";

        public Rewrap(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            change(this, "rewrap", key);
        }
    }

    private static ObjectNode asking(String action, @Nullable String key) {
        ObjectNode body = Json.object().put("action", action);
        return key == null ? body : body.put("key", key);
    }

    private static String path(String name) {
        return "/v1/encryption/" + Percent.encode(name);
    }

    private static void change(NamespaceCommands.One command, String action, @Nullable String key) {
        try (Api control = command.connection.control()) {
            JsonNode now = control.require(control.send("POST", path(command.name), asking(action, key)))
                    .json();
            if (command.connection.json()) {
                command.document(now);
            } else {
                command.say(
                        "Sealed under data key " + Json.text(now, "data_key", "?") + ", which master key " + master(now)
                                + " wraps; " + Words.count(now.path("keys").size(), "data key") + " in all.");
            }
        }
    }

    private static void look(NamespaceCommands.One command, String action, @Nullable String key, String doing) {
        try (Api control = command.connection.control()) {
            String path = path(command.name);
            JsonNode now = control.require(control.send("POST", path, asking(action, key)))
                    .json();
            try (Progress progress = new Progress(command.shell, doing, "rows", -1)) {
                while (now.at("/run/running").asBoolean(false)) {
                    Poll.pause(POLL_MILLIS, "it goes on at the server");
                    now = control.require(control.get(path)).json();
                    progress.at(total(now, "sealed") + total(now, "clear"));
                }
            }
            if (command.connection.json()) {
                command.document(now);
            } else {
                tell(command, now);
            }
            requireKeys(now);
            judge(now);
        }
    }

    private static long total(JsonNode encryption, String count) {
        long all = 0;
        for (JsonNode place : encryption.at("/run/providers")) {
            all += place.path(count).asLong(0);
        }
        return all;
    }

    private static void tell(Remote command, JsonNode encryption) {
        Table table = new Table("PROVIDER", "SEALED", "IN THE CLEAR", "SIZE");
        for (JsonNode place : encryption.at("/run/providers")) {
            table.row(
                    Json.text(place, "provider", "?"),
                    place.path("sealed").asString("0"),
                    place.path("clear").asString("0"),
                    Words.bytes(place.path("bytes").asLong(0)));
        }
        command.shell.out().print(table);
    }

    private static void judge(JsonNode encryption) {
        String failed = Json.text(encryption.path("run"), "failed", "");
        if (!failed.isEmpty()) {
            throw new Failure(Failure.FAILED, "It has ended before its end: " + failed);
        }
        String unaware = Json.text(encryption.path("run"), "unaware", "");
        if (!unaware.isEmpty()) {
            throw new Failure(Failure.FAILED, unaware);
        }
        for (JsonNode place : encryption.at("/run/providers")) {
            String unread = Json.text(place, "unread", "");
            if (!unread.isEmpty()) {
                throw new Failure(
                        Failure.FAILED,
                        "Provider " + Json.text(place, "provider", "?") + " has not been read to the end: " + unread
                                + ". Do it again.");
            }
        }
        long clear = total(encryption, "clear");
        if (clear > 0) {
            throw new Failure(Failure.FAILED, Words.count(clear, "row") + " in the clear.");
        }
    }

    private static String master(JsonNode encryption) {
        String current = Json.text(encryption, "data_key", "");
        for (JsonNode key : encryption.path("keys")) {
            if (Json.text(key, "id", "").equals(current)) {
                return Json.text(key, "master", "?");
            }
        }
        return "?";
    }

    private static void requireKeys(JsonNode encryption) {
        for (JsonNode key : encryption.path("keys")) {
            String missing = Json.text(key, "missing", "");
            if (!missing.isEmpty()) {
                throw new Failure(Failure.FAILED, missing);
            }
        }
    }
}
