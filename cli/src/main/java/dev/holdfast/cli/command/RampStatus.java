package dev.holdfast.cli.command;

import dev.holdfast.cli.Shell;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(
        name = "status",
        description = "Shows the ramp under way at a node, or its last one: a bar for each wave, what is seen of the"
                + " store, and what has happened.",
        footer = {"%nExample:", "  holdfast ramp status", "  holdfast ramp status --watch"})
public final class RampStatus extends Remote {
    private static final long PAUSE_MILLIS = 1_000;

    @Option(
            names = {"-w", "--watch"},
            description = {
                "Go on until the ramp is over. On a terminal the picture is drawn anew; otherwise what happens is"
                        + " printed, a line each, with --json as JSON lines.",
                "Exit code 1 when it is aborted."
            })
    private boolean watch;

    private int drawn;
    private String trouble = "";
    private JsonNode last = Json.object();

    public RampStatus(Shell shell) {
        super(shell);
    }

    @Override
    void run() {
        try (Api control = connection.control()) {
            if (watch) {
                watch(control);
                return;
            }
            JsonNode ramp = ask(control);
            if (connection.json()) {
                document(ramp);
            } else if (ramp.isNull()) {
                remark("There is no ramp at this node, and was none. To see what one would be: holdfast ramp plan");
            } else {
                RampView.status(ramp).forEach(this::say);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static JsonNode ask(Api control) {
        return control.require(control.get("/v1/ramp")).json().path("ramp");
    }

    private void watch(Api control) throws InterruptedException {
        boolean first = true;
        while (true) {
            JsonNode ramp = again(control, first);
            first = false;
            if (ramp.isNull()) {
                throw new Failure(Failure.FAILED, "There is no ramp at this node, and was none.");
            }
            show(ramp);
            if (ramp.has("ended_at")) {
                end(ramp);
                return;
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    /** A node may die and start again in the middle of it, and the ramp goes on. */
    private JsonNode again(Api control, boolean first) throws InterruptedException {
        while (true) {
            try {
                JsonNode ramp = ask(control);
                trouble = "";
                return ramp;
            } catch (Failure failure) {
                if (first || failure.exitCode() != Failure.NOT_REACHABLE) {
                    throw failure;
                }
                if (trouble.isEmpty()) {
                    trouble = String.valueOf(failure.getMessage());
                    remark("The node does not answer; trying again until it does.");
                    drawn = 0;
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }

    private void show(JsonNode ramp) {
        if (shell.watched() && !connection.json()) {
            StringBuilder picture = new StringBuilder();
            if (drawn > 0) {
                picture.append("\033[").append(drawn).append("A\033[J");
            }
            List<String> lines = RampView.status(ramp);
            lines.forEach(line -> picture.append(line).append('\n'));
            shell.err().print(picture);
            shell.err().flush();
            drawn = lines.size();
        } else {
            news(ramp).forEach(this::tell);
            shell.out().flush();
        }
        last = ramp;
    }

    private void tell(JsonNode event) {
        if (connection.json()) {
            line(event);
        } else {
            RampView.event(event).forEach(this::say);
        }
    }

    /** What has happened since the answer before. */
    private List<JsonNode> news(JsonNode ramp) {
        List<JsonNode> known = last.path("history").valueStream().toList();
        List<JsonNode> all = ramp.path("history").valueStream().toList();
        int after = known.isEmpty() ? -1 : all.lastIndexOf(known.getLast());
        return all.subList(after + 1, all.size());
    }

    private static void end(JsonNode ramp) {
        if (Json.text(ramp, "phase", "").equals("aborted")) {
            throw new Failure(Failure.FAILED, "The ramp was aborted.");
        }
    }
}
