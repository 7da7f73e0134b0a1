package dev.holdfast.cli.command;

import dev.holdfast.cli.Shell;
import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Json;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

@Command(
        name = "status",
        description = "Answers on one screen: can I lose a provider now, and why or why not.",
        footer = {"%nExample:", "  holdfast status", "  watch -n 1 holdfast status"})
public final class Status extends Remote {
    public Status(Shell shell) {
        super(shell);
    }

    @Override
    void run() {
        try (Api control = connection.control()) {
            JsonNode status = control.require(control.get("/v1/status")).json();
            if (connection.json()) {
                document(status);
            } else {
                print(status);
            }
        }
    }

    private void print(JsonNode status) {
        if (Json.text(status, "role", "").equals("edge")) {
            say("This node is an edge; whether a provider can be lost is for an origin to say.");
            cache(status.path("cache"));
        } else {
            origin(status);
        }
        clocks(status.path("clocks"));
        admission(status.path("admission"));
        incidents(status.path("incidents"));
        for (JsonNode webhook : status.path("webhooks")) {
            if (webhook.has("problem")) {
                say("Webhook " + Json.text(webhook, "name", "?") + " FAILS: "
                        + Words.visible(Json.text(webhook, "problem", "")));
            }
        }
        say("Version " + Json.text(status, "version", "?") + ", account " + Json.text(status, "account_id", "?")
                + (status.path("drills").asBoolean(false) ? ", drills on" : ""));
    }

    private void origin(JsonNode status) {
        say("Can I lose a provider now? " + (status.path("can_lose_one").asBoolean(false) ? "YES" : "NO"));
        for (String reason : Receipts.names(status.path("reasons"))) {
            say("  " + Words.visible(reason));
        }
        say("");
        shell.out().print(ProviderCommands.table(status.path("providers")));
        ProviderCommands.coming(status.path("providers")).forEach(this::say);
        ProviderCommands.ending(status.path("providers")).forEach(this::say);
        say("");
        JsonNode hints = status.path("hints");
        long depth = hints.path("depth").asLong(0);
        say("Hint log: "
                + (depth == 0
                        ? "empty"
                        : Words.count(depth, "write") + " waiting, the oldest for "
                                + Words.duration(hints.path("oldest_age_ms").asLong(0)))
                + "; " + Words.bytes(hints.path("free_bytes").asLong(0)) + " free on its disk"
                + (hints.path("alarm").asBoolean(false) ? " (ALARM: too little)" : ""));
        JsonNode counters = status.path("counters");
        say("Since start: " + counters.path("reads").asLong(0) + " reads, "
                + counters.path("writes").asLong(0) + " writes, "
                + counters.path("unconfirmed").asLong(0) + " answers unconfirmed, "
                + counters.path("repairs").asLong(0) + " repairs, "
                + counters.path("refused").asLong(0) + " refused, "
                + counters.path("spared").asLong(0) + " spared");
        cache(status.path("cache"));
    }

    private void clocks(JsonNode clocks) {
        long apart = 0;
        for (JsonNode clock : clocks) {
            if (clock.path("apart").asBoolean(false)) {
                apart++;
                long ahead = clock.path("ahead_ms").asLong(0);
                say("Clock of " + Words.visible(Json.text(clock, "of", "?")) + ": at least "
                        + Words.duration(Math.abs(ahead)) + (ahead > 0 ? " AHEAD OF" : " BEHIND") + " this node's");
            }
        }
        if (apart == 0 && !clocks.isEmpty()) {
            say("Clocks: no difference of more than 2 s is seen to " + Words.count(clocks.size(), "other"));
        }
    }

    private void admission(JsonNode admission) {
        long shed = 0;
        for (JsonNode ofTier : admission.path("shed")) {
            shed += ofTier.asLong(0);
        }
        int gates = admission.path("gates").asInt(0);
        say("Admission: " + admission.path("under_way").asLong(0) + " of "
                + Words.count(admission.path("limit").asLong(0), "call") + " under way, "
                + admission.path("waiting").asLong(0) + " waiting, " + shed + " shed since start"
                + (gates == 0 ? "" : ", " + Words.count(gates, "gate") + " not open (holdfast gate list)")
                + (admission.path("ramp").isString()
                        ? "; RAMP " + Json.text(admission, "ramp", "") + " (holdfast ramp status)"
                        : "")
                + (admission.path("recovering").asBoolean(false)
                        ? "; RECOVERING: at most "
                                + Words.count(admission.path("bound_per_second").asLong(0), "call") + " a second"
                        : ""));
    }

    private void incidents(JsonNode open) {
        say("Incidents: " + (open.isEmpty() ? "none" : Words.count(open.size(), "open one")));
        for (JsonNode incident : open) {
            say("  " + Json.text(incident, "severity", "?") + "  " + Json.text(incident, "id", "?") + "  "
                    + Words.visible(Json.text(incident, "title", "")));
        }
    }

    private void cache(JsonNode cache) {
        JsonNode counters = cache.path("counters");
        say("Cache: " + Words.count(cache.path("entries").asLong(0), "value") + " in "
                + Words.bytes(cache.path("memory_bytes").asLong(0)) + ", "
                + Words.bytes(cache.path("disk_bytes").asLong(0)) + " on disk; since start "
                + counters.path("hits").asLong(0) + " hits, "
                + counters.path("misses").asLong(0) + " misses, "
                + counters.path("stale").asLong(0) + " stale, "
                + counters.path("gaps").asLong(0) + " gaps in the feed");
    }
}
