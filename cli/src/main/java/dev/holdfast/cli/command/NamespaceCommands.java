package dev.holdfast.cli.command;

import dev.holdfast.cli.Shell;
import dev.holdfast.cli.Table;
import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code holdfast namespace …}. */
public final class NamespaceCommands {
    private NamespaceCommands() {}

    /** A command about one namespace that exists. */
    @Command
    abstract static class One extends Remote {
        @Parameters(index = "0", paramLabel = "NAMESPACE", description = "Id or title.")
        String name = "";

        One(Shell shell) {
            super(shell);
        }
    }

    /** What can be chosen for a namespace. */
    static final class Settings {
        @Option(
                names = "--durability",
                paramLabel = "N",
                description = "Failure domains that must hold a write: 1 or more.")
        private @Nullable Integer durability;

        @Option(
                names = "--when-short",
                paramLabel = "ack-marked|refuse",
                description = "When fewer domains can take a write: acknowledge it and say so, or refuse it.")
        private @Nullable String whenShort;

        @Option(
                names = "--dark-writes",
                paramLabel = "true|false",
                arity = "1",
                description = "With every provider dead, acknowledge writes by the hint log alone.")
        private @Nullable Boolean darkWrites;

        @Option(
                names = "--on-outage",
                paramLabel = "POLICY",
                description = {
                    "What readers get while nobody can be asked:",
                    "stale, the last known good; stale(10m), that if it is not older; closed, nothing;"
                            + " default(text), the last known good, or this for a key that is not known."
                })
        private @Nullable String onOutage;

        @Option(
                names = "--pinned",
                paramLabel = "true|false",
                arity = "0..1",
                fallbackValue = "true",
                description = "Have every edge keep a full copy, and read from that.")
        private @Nullable Boolean pinned;

        @Option(
                names = "--tier",
                paramLabel = "0..3",
                description =
                        "How much depends on it: 0 for what others need to start, 3 for bulk. In an outage those of"
                                + " lower numbers come first.")
        private @Nullable Integer tier;

        @Option(
                names = "--needs",
                paramLabel = "NAMESPACE",
                split = ",",
                description = {
                    "Namespaces that have to be back before this one when a ramp opens them: title or id; repeatable.",
                    "'' for none."
                })
        private java.util.@Nullable List<String> needs;

        @picocli.CommandLine.Mixin
        private final QuotaOptions quota = new QuotaOptions();

        void into(ObjectNode body) {
            if (durability != null) {
                body.put("durability", durability);
            }
            if (whenShort != null) {
                body.put("when_short", whenShort);
            }
            if (darkWrites != null) {
                body.put("dark_writes", darkWrites);
            }
            if (onOutage != null) {
                body.put("on_outage", onOutage);
            }
            if (pinned != null) {
                body.put("pinned", pinned);
            }
            if (tier != null) {
                body.put("tier", tier);
            }
            quota.into(body);
            if (needs != null) {
                ArrayNode names = body.putArray("needs");
                needs.stream().filter(name -> !name.isEmpty()).forEach(names::add);
            }
        }
    }

    @Command(
            name = "list",
            description = "Lists namespaces: title, id and settings.",
            footer = {"%nExample:", "  holdfast namespace list", "  holdfast namespace list --deleted"})
    public static final class List extends Remote {
        @Option(names = "--deleted", description = "Those deleted and not yet gone for good.")
        private boolean deleted;

        public List(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            try (Api store = connection.store()) {
                JsonNode all = Namespaces.all(store, deleted);
                if (connection.json()) {
                    document(all);
                    return;
                }
                if (all.isEmpty()) {
                    remark(deleted ? "None." : "None yet; make one with holdfast namespace create TITLE");
                    return;
                }
                Table table = new Table(
                        "TITLE", "ID", "DURABILITY", "WHEN SHORT", "DARK WRITES", "ON OUTAGE", "PINNED", "TIER");
                for (JsonNode one : all) {
                    table.row(
                            Words.visible(Json.text(one, "title", "")),
                            Json.text(one, "id", ""),
                            one.path("durability").asString("-"),
                            Json.text(one, "when_short", "-"),
                            one.path("dark_writes").asString("-"),
                            Words.visible(Json.text(one, "on_outage", "-")),
                            one.path("pinned").asString("-"),
                            one.path("tier").asString("-"));
                }
                shell.out().print(table);
            }
        }
    }

    @Command(
            name = "create",
            description = "Makes a namespace and prints its id.",
            footer = {
                "%nExample:",
                "  holdfast namespace create settings",
                "  holdfast namespace create orders --when-short refuse",
                "  holdfast namespace create flags --pinned",
                "  holdfast namespace create people --jurisdiction eu"
            })
    public static final class Create extends Remote {
        @Parameters(paramLabel = "TITLE", description = "1 to 512 characters, unlike any other.")
        private String title = "";

        @Option(
                names = "--jurisdiction",
                paramLabel = "us|eu|fedramp",
                description = "Keep its records only at providers and nodes of this jurisdiction, for good.")
        private @Nullable String jurisdiction;

        @picocli.CommandLine.Mixin
        private final Settings settings = new Settings();

        public Create(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            ObjectNode body = Json.object().put("title", title);
            if (jurisdiction != null) {
                body.put("jurisdiction", jurisdiction);
            }
            settings.into(body);
            try (Api store = connection.store()) {
                JsonNode made = store.require(store.send("POST", "/v1/namespaces", body))
                        .json();
                if (connection.json()) {
                    document(made);
                } else {
                    say(Json.text(made, "id", ""));
                }
            }
        }
    }

    @Command(
            name = "show",
            description = "Shows a namespace and its settings.",
            footer = {
                "%nExample:",
                "  holdfast namespace show settings",
                "  holdfast namespace show settings --field id"
            })
    public static final class Show extends One {
        @Option(names = "--field", paramLabel = "NAME", description = "Print this one alone, such as id: for scripts.")
        private @Nullable String field;

        public Show(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            try (Api store = connection.store()) {
                JsonNode namespace = Namespaces.find(store, name, false);
                if (field == null) {
                    print(this, namespace);
                    return;
                }
                JsonNode value = namespace.path(field);
                if (value.isMissingNode()) {
                    throw new Failure(
                            Failure.USAGE,
                            "There is no field \"" + field + "\"; there are "
                                    + String.join(", ", namespace.propertyNames()) + ".");
                }
                if (connection.json()) {
                    document(value);
                } else {
                    say(value.asString(""));
                }
            }
        }
    }

    @Command(
            name = "rename",
            description = "Gives a namespace another title. Its id and keys stay.",
            footer = {"%nExample:", "  holdfast namespace rename settings site-settings"})
    public static final class Rename extends One {
        @Parameters(index = "1", paramLabel = "TITLE", description = "The new title.")
        private String title = "";

        public Rename(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            change(this, Json.object().put("title", title));
        }
    }

    @Command(
            name = "set",
            description = "Changes the settings of a namespace.",
            footer = {
                "%nExample:",
                "  holdfast namespace set orders --durability 2 --when-short refuse",
                "  holdfast namespace set flags --on-outage 'default(off)'",
                "  holdfast namespace set checkout --needs sessions,stock",
                "  holdfast namespace set carts --max-requests 500/s --max-bytes 10G"
            })
    public static final class Set extends One {
        @picocli.CommandLine.Mixin
        private final Settings settings = new Settings();

        public Set(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            ObjectNode body = Json.object();
            settings.into(body);
            if (body.isEmpty()) {
                throw new Failure(
                        Failure.USAGE,
                        "Nothing to set; there are --durability, --when-short, --dark-writes, --on-outage,"
                                + " --pinned, --tier, --needs, --max-requests, --max-keys, --max-bytes.");
            }
            change(this, body);
        }
    }

    @Command(
            name = "delete",
            description =
                    "Deletes a namespace with its keys. For a while it can be had back: holdfast namespace restore.",
            footer = {"%nExample:", "  holdfast namespace delete old-settings"})
    public static final class Delete extends One {
        public Delete(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            try (Api store = connection.store()) {
                String id = Namespaces.id(store, name);
                store.require(store.delete(Namespaces.path(id)));
                if (connection.json()) {
                    document(Json.object().put("deleted", id));
                } else {
                    say("Deleted " + name + ". To have it back: holdfast namespace restore " + id);
                }
            }
        }
    }

    @Command(
            name = "restore",
            description = "Brings a deleted namespace back with its keys.",
            footer = {"%nExample:", "  holdfast namespace list --deleted", "  holdfast namespace restore old-settings"})
    public static final class Restore extends One {
        public Restore(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            try (Api store = connection.store()) {
                String id = Json.text(Namespaces.find(store, name, true), "id", "");
                print(
                        this,
                        store.require(store.send("POST", Namespaces.path(id) + "/restore", Json.object()))
                                .json());
            }
        }
    }

    private static void change(One command, ObjectNode body) {
        try (Api store = command.connection.store()) {
            String id = Namespaces.id(store, command.name);
            print(
                    command,
                    store.require(store.send("PATCH", Namespaces.path(id), body))
                            .json());
        }
    }

    private static void print(Remote command, JsonNode namespace) {
        if (command.connection.json()) {
            command.document(namespace);
            return;
        }
        for (Map.Entry<String, JsonNode> member : namespace.properties()) {
            JsonNode value = member.getValue();
            boolean time = member.getKey().endsWith("_at") && value.isNumber();
            String shown = time
                    ? Instant.ofEpochMilli(value.asLong(0)).toString()
                    : value.isArray() ? ids(value) : Words.visible(value.asString("-"));
            command.say(String.format("%-12s %s", member.getKey(), shown));
        }
    }

    private static String ids(JsonNode list) {
        return list.isEmpty()
                ? "-"
                : String.join(", ", list.valueStream().map(JsonNode::asString).toList());
    }
}
