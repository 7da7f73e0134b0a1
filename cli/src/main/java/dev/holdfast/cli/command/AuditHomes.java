package dev.holdfast.cli.command;

import dev.holdfast.cli.Shell;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.moving.HomesFacts;
import dev.holdfast.cli.moving.Look;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "homes",
        description = {
            "Looks at every key, and lists what is not as it was promised: keys with too few independent homes,"
                + " providers that are lost together, providers that are not current or hold something else,"
                + " durability that cannot hold with one provider down, providers that nobody has seen fail for long.",
            "Exit code 1 when there is anything of it. Changes nothing; half of the time is left to others."
        },
        footer = {"%nExample:", "  holdfast audit homes", "  holdfast audit homes --exercised 7d"})
public final class AuditHomes extends Remote {
    @Option(
            names = "--exercised",
            defaultValue = "30d",
            paramLabel = "TIME",
            description = {
                "A provider that has been current for longer is listed: what the store does without it has not been"
                        + " seen, or was forgotten.",
                "Default: ${DEFAULT-VALUE}"
            })
    private String exercised = "30d";

    public AuditHomes(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() {
        return list() ? 0 : 1;
    }

    @Override
    void run() {
        throw new IllegalStateException("call() decides the exit code");
    }

    private boolean list() {
        Duration lately = Durations.parse("--exercised", exercised);
        try (Api control = connection.control();
                Api store = connection.store()) {
            JsonNode status = control.require(control.get("/v1/status")).json();
            Look look = Looking.at(shell, control, Optional.empty());
            List<String> facts = HomesFacts.of(
                    look, status, Namespaces.all(store, false), System.currentTimeMillis(), lately.toMillis());
            if (connection.json()) {
                ObjectNode body = Json.object();
                ArrayNode lines = body.putArray("facts");
                facts.forEach(lines::add);
                body.set("found", look.found());
                document(body);
            } else {
                facts.forEach(this::say);
                if (facts.isEmpty()) {
                    say("All " + look.keys() + " keys lie in as many independent homes as they want, and every provider"
                            + " holds them.");
                }
            }
            return facts.isEmpty();
        }
    }
}
