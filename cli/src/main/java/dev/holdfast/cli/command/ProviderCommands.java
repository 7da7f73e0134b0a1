package dev.holdfast.cli.command;

import dev.holdfast.cli.Nearest;
import dev.holdfast.cli.Shell;
import dev.holdfast.cli.Table;
import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.http.Reply;
import dev.holdfast.client.transport.Percent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code holdfast provider …}. */
public final class ProviderCommands {
    private static final String FULL = "full";

    private ProviderCommands() {}

    @Command(
            name = "list",
            description = "Lists the providers: state, missed writes, and why.",
            footer = {"%nExample:", "  holdfast provider list"})
    public static final class Listing extends Remote {
        public Listing(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            try (Api control = connection.control()) {
                JsonNode all = all(control);
                if (connection.json()) {
                    document(all);
                } else {
                    shell.out().print(table(all));
                    coming(all).forEach(this::say);
                    ending(all).forEach(this::say);
                }
            }
        }
    }

    @Command(
            name = "show",
            description = "Shows all that is known of one provider.",
            footer = {"%nExample:", "  holdfast provider show b"})
    public static final class Show extends Remote {
        @Parameters(paramLabel = "PROVIDER", description = "Its name.")
        private String name = "";

        public Show(Shell shell) {
            super(shell);
        }

        @Override
        void run() {
            try (Api control = connection.control()) {
                Reply reply = control.get("/v1/providers/" + Percent.encode(name));
                if (reply.status() == 404) {
                    throw unknown(name, all(control));
                }
                JsonNode provider = control.require(reply).json();
                if (connection.json()) {
                    document(provider);
                    return;
                }
                for (var member : provider.properties()) {
                    say(String.format("%-21s %s", member.getKey(), shown(member.getKey(), member.getValue())));
                }
            }
        }

        private static String shown(String name, JsonNode value) {
            if (name.equals("since")) {
                return ago(value.asLong(0));
            }
            if (name.endsWith("_at")) {
                return Instant.ofEpochMilli(value.asLong(0)).toString();
            }
            if (name.endsWith("_ms")) {
                return Words.duration(value.asLong(0));
            }
            return value.isContainer() ? value.toString() : Words.visible(value.asString("-"));
        }
    }

    static JsonNode all(Api control) {
        JsonNode answer = control.require(control.get("/v1/providers")).json();
        return answer.isArray() ? answer : answer.path("providers");
    }

    static Failure unknown(String written, JsonNode providers) {
        List<String> names = new ArrayList<>();
        providers.forEach(provider -> names.add(Json.text(provider, "name", "")));
        List<String> near = Nearest.to(written, names);
        return new Failure(
                Failure.FAILED,
                "There is no provider \"" + written + "\"; "
                        + (near.isEmpty()
                                ? "there are " + String.join(", ", names)
                                : "did you mean " + String.join(" or ", near) + "?"));
    }

    /** The providers, one a line, with what a person asks first. */
    static Table table(JsonNode providers) {
        Table table = new Table("PROVIDER", "ROLE", "STATE", "SINCE", "HINTS", "OLDEST", "DOMAIN", "WHY");
        for (JsonNode provider : providers) {
            String phase = Json.text(provider, "phase", FULL);
            table.row(
                    Json.text(provider, "name", ""),
                    Json.text(provider, "role", "serving")
                            + (provider.path("complete").asBoolean(false) ? " (complete)" : ""),
                    Json.text(provider, "state", "?") + (phase.equals(FULL) ? "" : " (" + phase + ")"),
                    ago(provider.path("since").asLong(0)),
                    provider.path("hints").asString("0"),
                    provider.path("hints").asLong(0) == 0
                            ? "-"
                            : Words.duration(provider.path("oldest_hint_age_ms").asLong(0)),
                    Words.visible(Json.text(provider, "domain", "")),
                    Words.visible(Json.text(provider, "why", "")) + fault(provider.path("fault")));
        }
        return table;
    }

    /** Of each that is coming back, how it goes. */
    static List<String> coming(JsonNode providers) {
        List<String> lines = new ArrayList<>();
        for (JsonNode provider : providers) {
            String doing = Json.text(provider, "doing", "");
            if (!Json.text(provider, "phase", FULL).equals(FULL)) {
                long bound = provider.path("bound_per_second").asLong(0);
                long left = provider.path("left_ms").asLong(0);
                lines.add("Provider " + Json.text(provider, "name", "?") + " is coming back: "
                        + Json.text(provider, "phase", "")
                        + (doing.isEmpty() ? "" : ", " + Words.visible(doing))
                        + (bound == 0
                                ? ""
                                : "; at most " + Words.count(bound, "call") + " a second, it has borne "
                                        + provider.path("proven_per_second").asLong(0))
                        + (left > 0 ? "; about " + Words.duration(left) + " left" : ""));
            }
        }
        return lines;
    }

    /** Of each whose credential is known to expire, when. */
    static List<String> ending(JsonNode providers) {
        List<String> lines = new ArrayList<>();
        for (JsonNode provider : providers) {
            if (provider.has("credential_expires_at")) {
                lines.add("Provider " + Json.text(provider, "name", "?") + " accepts \""
                        + Words.visible(Json.text(provider, "login", "")) + "\" until "
                        + Instant.ofEpochMilli(
                                provider.path("credential_expires_at").asLong(0)));
            }
        }
        return lines;
    }

    private static String fault(JsonNode fault) {
        return fault.isObject() ? " [drill: " + Json.text(fault, "mode", "?") + "]" : "";
    }

    private static String ago(long millis) {
        return millis <= 0 ? "-" : Words.ago(millis);
    }
}
