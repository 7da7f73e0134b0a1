package dev.holdfast.cli.command;

import dev.holdfast.cli.Progress;
import dev.holdfast.cli.Shell;
import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Poll;
import dev.holdfast.cli.moving.Comparison;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(
        name = "compare",
        description = "Compares every key of every provider, repairs what differs, and says how much did."
                + " Constant memory at the server, whatever the number of keys.",
        footer = {"%nExample:", "  holdfast compare", "  holdfast compare --no-wait"})
public final class Compare extends Remote {
    private static final long POLL_MILLIS = 100;

    @Option(names = "--no-wait", description = "Start the pass and return.")
    private boolean noWait;

    public Compare(Shell shell) {
        super(shell);
    }

    @Override
    void run() {
        try (Api control = connection.control();
                Progress progress = new Progress(shell, "Comparing", "keys", -1)) {
            Comparison comparison =
                    new Comparison(control, reply -> control.require(reply).json());
            comparison.look();
            while (!noWait && (!comparison.over() || comparison.running())) {
                Poll.pause(POLL_MILLIS, "the pass goes on at the server");
                comparison.look();
                progress.at(comparison.compared());
            }
            JsonNode now = comparison.said();
            if (connection.json()) {
                document(now);
            } else if (noWait) {
                say("Started; holdfast status shows how far it is.");
            } else {
                long divergent = now.at("/pass/divergent").asLong(0);
                long repaired = now.at("/pass/repaired").asLong(0);
                say("Compared " + Words.count(now.at("/pass/compared").asLong(0), "key") + ": "
                        + (divergent == 0 ? "all equal." : divergent + " differed, " + repaired + " repaired."));
            }
        }
    }
}
