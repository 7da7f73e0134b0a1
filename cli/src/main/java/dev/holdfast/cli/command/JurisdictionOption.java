package dev.holdfast.cli.command;

import dev.holdfast.cli.http.Failure;
import picocli.CommandLine.Option;

/** That content of a namespace leaves its jurisdiction only if somebody says so. */
final class JurisdictionOption {
    @Option(
            names = "--across-jurisdictions",
            description = "Also when what is written may lie where what is read may not.")
    private boolean across;

    /**
     * @param from that of what is read; empty for none
     * @param to that of the namespace that is written
     */
    void require(String from, String to) {
        if (!across && !from.isEmpty() && !from.equals(to)) {
            throw new Failure(
                    Failure.FAILED,
                    "What is read may lie only in jurisdiction " + from + ", and the other namespace "
                            + (to.isEmpty() ? "may lie anywhere" : "lies in " + to)
                            + ". --across-jurisdictions does it all the same.");
        }
    }
}
