package dev.holdfast.cli.command;

import dev.holdfast.cli.Connection;
import dev.holdfast.cli.Help;
import dev.holdfast.cli.Shell;
import dev.holdfast.cli.http.Json;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** A command that speaks to a server. */
@Command
abstract class Remote implements Callable<Integer> {
    final Shell shell;

    @Mixin
    final Help help = new Help();

    @Mixin
    final Connection connection;

    Remote(Shell shell) {
        this.shell = shell;
        this.connection = new Connection(shell);
    }

    /** @throws dev.holdfast.cli.http.Failure with what to say and the exit code */
    abstract void run() throws IOException;

    @Override
    public Integer call() throws IOException {
        run();
        return 0;
    }

    /** One JSON document, for people who asked for it with {@code --json}: indented, since it is the whole output. */
    final void document(JsonNode document) {
        shell.out().println(Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(document));
    }

    /** One of many, on a line of its own. */
    final void line(JsonNode one) {
        shell.out().println(Json.MAPPER.writeValueAsString(one));
    }

    final void say(String text) {
        shell.out().println(text);
    }

    /** For a person, beside the data. */
    final void remark(String text) {
        shell.err().println(text);
    }
}
