package dev.holdfast.cli;

import picocli.CommandLine.Option;

/** {@code --help}, which picocli answers by itself. */
public final class Help {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean wanted;
}
