package dev.holdfast.cli.command;

import dev.holdfast.cli.Progress;
import dev.holdfast.cli.Shell;
import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.http.Poll;
import dev.holdfast.client.transport.Percent;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "backfill",
        description = {
            "Waits, with progress, until a provider that joins holds all that the others hold. The node fills it by"
                    + " itself: this only looks, and can be stopped and begun again."
        },
        footer = {"%nExample:", "  holdfast provider backfill c", "%nThen: holdfast provider verify c"})
public final class Backfill extends Remote {
    private static final long POLL_MILLIS = 100;

    @Parameters(paramLabel = "PROVIDER", description = "Its name.")
    private String name = "";

    public Backfill(Shell shell) {
        super(shell);
    }

    @Override
    void run() {
        long begun = System.nanoTime();
        try (Api control = connection.control();
                Progress progress = new Progress(shell, "Backfilling " + name, "keys", -1)) {
            JsonNode now = look(control);
            while (!whole(now)) {
                progress.at(now.path("compared_keys").asLong(0));
                Poll.pause(POLL_MILLIS, "the node goes on filling it");
                now = look(control);
            }
            if (connection.json()) {
                document(now);
            } else {
                long millis = (System.nanoTime() - begun) / 1_000_000;
                say("Provider " + name + " holds all that the others hold; waited " + Words.duration(millis) + ".");
            }
        }
    }

    private JsonNode look(Api control) {
        var reply = control.get("/v1/providers/" + Percent.encode(name));
        if (reply.status() == 404) {
            throw ProviderCommands.unknown(name, ProviderCommands.all(control));
        }
        return control.require(reply).json();
    }

    private static boolean whole(JsonNode provider) {
        boolean serves = Json.text(provider, "role", "").equals("serving");
        return provider.path("hints").asLong(0) == 0
                && (serves
                        ? Json.text(provider, "state", "").equals("current")
                        : provider.path("complete").asBoolean(false));
    }
}
