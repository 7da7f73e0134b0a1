package dev.holdfast.cli.command;

import dev.holdfast.cli.Progress;
import dev.holdfast.cli.Shell;
import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.http.Poll;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(
        name = "scrub",
        description =
                "Reads every record of every provider in full, repairs what is damaged from another home, and lists"
                        + " what cannot be repaired. A pass that is under way goes on where it is.",
        footer = {
            "%nExample:",
            "  holdfast scrub",
            "  holdfast scrub --no-wait",
            "%nExit code 1 when something is damaged and not repaired, or a provider",
            "could not be read."
        })
public final class Scrub extends Remote {
    private static final long POLL_MILLIS = 200;

    @Option(names = "--no-wait", description = "Start the passes and return.")
    private boolean noWait;

    public Scrub(Shell shell) {
        super(shell);
    }

    @Override
    void run() {
        try (Api control = connection.control()) {
            JsonNode now = control.require(control.send("POST", "/v1/scrub", Json.object()))
                    .json();
            try (Progress progress = new Progress(shell, "Scrubbing", "records", expected(now))) {
                while (!noWait && now.path("running").asBoolean(false)) {
                    Poll.pause(POLL_MILLIS, "the passes go on at the server");
                    now = control.require(control.get("/v1/scrub")).json();
                    progress.at(total(now, "keys"));
                }
            }
            if (connection.json()) {
                document(now);
            } else if (noWait) {
                say("Started; holdfast scrub shows how far it is.");
            } else {
                tell(now);
            }
            if (!noWait) {
                judge(now);
            }
        }
    }

    /** Negative when a provider has never been read to the end. */
    private static long expected(JsonNode scrub) {
        long all = 0;
        for (JsonNode pass : scrub.path("providers")) {
            long keys = pass.path("expected_keys").asLong(0);
            if (keys == 0) {
                return -1;
            }
            all += keys;
        }
        return all;
    }

    private static long total(JsonNode scrub, String count) {
        long all = 0;
        for (JsonNode pass : scrub.path("providers")) {
            all += pass.path("counts").path(count).asLong(0);
        }
        return all;
    }

    private void tell(JsonNode scrub) {
        long damaged = total(scrub, "damaged");
        say("Read " + Words.count(total(scrub, "keys"), "record") + " of " + Words.bytes(total(scrub, "bytes")) + ": "
                + (damaged == 0 ? "none damaged." : damaged + " damaged, " + total(scrub, "repaired") + " repaired."));
        for (JsonNode one : scrub.path("damaged")) {
            say("  " + Json.text(one, "provider", "?") + "  " + Json.text(one, "namespace", "?") + "  "
                    + Words.visible(Json.text(one, "key", "?"))
                    + (one.path("beyond_repair").asBoolean(false)
                            ? "  BEYOND REPAIR: no home has it whole"
                            : "  waits for a home that has it"));
        }
    }

    private static void judge(JsonNode scrub) {
        for (JsonNode pass : scrub.path("providers")) {
            String doing = Json.text(pass, "doing", "");
            if (!doing.isEmpty()) {
                throw new Failure(
                        Failure.FAILED,
                        "Provider " + Json.text(pass, "provider", "?") + " has not been read through: " + doing + ".");
            }
        }
        long left = scrub.path("unrepaired").asLong(0);
        if (left > 0) {
            throw new Failure(Failure.FAILED, Words.count(left, "record") + " damaged and not repaired.");
        }
    }
}
