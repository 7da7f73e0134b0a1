package dev.holdfast.cli.command;

import dev.holdfast.cli.Shell;
import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.http.Reply;
import dev.holdfast.client.transport.EventStream;
import dev.holdfast.client.transport.EventStream.Event;
import dev.holdfast.client.transport.Percent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "watch",
        description = "Prints changes as they happen, one a line, until Ctrl-C. It connects again by itself and goes on"
                + " where it was.",
        footer = {
            "%nExample:",
            "  holdfast kv watch settings --prefix feature:",
            "  holdfast kv watch settings --json --since node.1798761600000.42"
        })
public final class KvWatch extends Remote {
    private static final long FIRST_PAUSE_MILLIS = 250;
    private static final long LONGEST_PAUSE_MILLIS = 4_000;

    @Parameters(paramLabel = "NAMESPACE", description = "Id or title.")
    private String namespace = "";

    @Option(names = "--prefix", paramLabel = "PREFIX", description = "Only keys that begin so.")
    private String prefix = "";

    @Option(
            names = "--since",
            paramLabel = "ID",
            description =
                    "Begin after this event, or after the write with this session. Default: with what happens from"
                            + " now on.")
    private String since = "";

    private String last = "";

    public KvWatch(Shell shell) {
        super(shell);
    }

    @Override
    void run() {
        try (Api store = connection.store()) {
            watch(store);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Failure failure) {
            if (!Thread.currentThread().isInterrupted()) {
                throw failure;
            }
        }
    }

    private void watch(Api store) throws InterruptedException {
        String trouble = "";
        long pause = FIRST_PAUSE_MILLIS;
        while (true) {
            String before = last;
            String broken = once(store, trouble);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (trouble.isEmpty()) {
                remark(broken + " Trying again.");
            }
            trouble = broken;
            pause = before.equals(last) ? Math.min(2 * pause, LONGEST_PAUSE_MILLIS) : FIRST_PAUSE_MILLIS;
            Thread.sleep(pause);
        }
    }

    /** Watches for as long as one connection lasts, and says how it ended. */
    private String once(Api store, String trouble) throws InterruptedException {
        try {
            Api.Opened opened = store.open(path(), last.isEmpty() ? Map.of() : Map.of("Last-Event-ID", last));
            if (opened.events() == null) {
                Reply refusal = opened.reply();
                if (last.isEmpty() || refusal.status() < 500) {
                    Namespaces.require(store, refusal, namespace);
                }
                return refusal.problem().message();
            }
            if (!trouble.isEmpty()) {
                remark("Watching again, from where it broke.");
            }
            try (EventStream events = opened.events()) {
                for (Event event = events.next(); event != null; event = events.next()) {
                    show(event);
                }
            }
            return "The server ended the stream.";
        } catch (Failure unreachable) {
            if (last.isEmpty() || unreachable.exitCode() != Failure.NOT_REACHABLE) {
                throw unreachable;
            }
            return String.valueOf(unreachable.getMessage());
        } catch (IOException broken) {
            return "The connection broke.";
        }
    }

    private String path() {
        List<String> query = new ArrayList<>();
        if (!prefix.isEmpty()) {
            query.add("prefix=" + Percent.encode(prefix));
        }
        if (!since.isEmpty()) {
            query.add("since=" + Percent.encode(since));
        }
        return Namespaces.path(namespace) + "/watch" + (query.isEmpty() ? "" : "?" + String.join("&", query));
    }

    private void show(Event event) {
        if (!event.id().isEmpty()) {
            last = event.id();
        }
        JsonNode data = Json.MAPPER.readTree(event.data());
        switch (event.kind()) {
            case "change" -> change(event, data);
            case "gap" -> {
                if (connection.json()) {
                    machine(event, data);
                }
                remark("What happened before cannot be told, so list the keys again: " + Json.text(data, "why", ""));
            }
            case "end" -> throw new Failure(Failure.FAILED, Json.text(data, "why", "The server ended the stream."));
            default -> {
                // Heartbeats, and what later servers may say.
            }
        }
        shell.out().flush();
    }

    private void change(Event event, JsonNode data) {
        if (connection.json()) {
            machine(event, data);
            return;
        }
        String key = Words.visible(Json.text(data, "key", ""));
        if (!data.has("deleted")) {
            say("changed\t" + key);
        } else if (data.path("deleted").asBoolean()) {
            say("deleted\t" + key);
        } else {
            String value = data.has("value")
                    ? Words.visible(Json.text(data, "value", ""))
                    : Words.count(data.path("size").asLong(), "byte");
            say("put\t" + key + "\t" + value);
        }
    }

    private void machine(Event event, JsonNode data) {
        ObjectNode one = Json.object().put("event", event.kind()).put("id", event.id());
        if (data instanceof ObjectNode fields) {
            one.setAll(fields);
        }
        line(one);
    }
}
