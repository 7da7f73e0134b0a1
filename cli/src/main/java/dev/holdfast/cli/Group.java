package dev.holdfast.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A word that stands before others, such as {@code kv}; alone it does nothing. */
@Command(synopsisSubcommandLabel = "COMMAND")
final class Group implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before run()
    private CommandSpec spec;

    @Mixin
    final Help help = new Help();

    private Group() {}

    static CommandLine of(String name, String description, Object... members) {
        CommandLine line = new CommandLine(new Group());
        line.getCommandSpec().name(name).usageMessage().description(description);
        for (Object member : members) {
            line.addSubcommand(member);
        }
        return line;
    }

    @Override
    public void run() {
        CommandLine line = spec.commandLine();
        throw new ParameterException(
                line,
                "holdfast " + spec.name() + " what? There are "
                        + String.join(", ", line.getSubcommands().keySet()) + ".");
    }
}
