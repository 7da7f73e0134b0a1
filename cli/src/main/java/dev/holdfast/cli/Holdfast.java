package dev.holdfast.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line's entry: {@code holdfast <command>}. */
@Command(
        name = "holdfast",
        description = "A key-value store that keeps reading and writing while any of its providers is gone.",
        mixinStandardHelpOptions = true,
        version = "holdfast 0.1.0-SNAPSHOT")
public final class Holdfast implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before run()
    private CommandSpec spec;

    private Holdfast() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Holdfast()).execute(arguments));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command?");
    }
}
