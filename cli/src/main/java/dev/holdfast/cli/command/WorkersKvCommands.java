package dev.holdfast.cli.command;

import dev.holdfast.cli.Help;
import dev.holdfast.cli.Shell;
import dev.holdfast.cli.Table;
import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import dev.holdfast.server.workerskv.WorkersKv;
import dev.holdfast.server.workerskv.WorkersKv.Titled;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;

/** {@code holdfast workers-kv list}. */
public final class WorkersKvCommands {
    private WorkersKvCommands() {}

    @Command(
            name = "list",
            description = "Lists the namespaces of an account at Workers KV.",
            footer = {"%nExample:", "  holdfast workers-kv list --account 0123456789abcdef0123456789abcdef"})
    public static final class Listing implements Callable<Integer> {
        private final Shell shell;

        @Mixin
        final Help help = new Help();

        @Mixin
        private final WorkersKvOptions options = new WorkersKvOptions();

        @Option(names = "--json", description = "Print one JSON document; nothing else on stdout.")
        private boolean json;

        public Listing(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() throws IOException {
            try (WorkersKv there = options.open(shell)) {
                print(options.source(there, shell.err()::println).namespaces());
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new Failure(Failure.FAILED, "Interrupted.", stopped);
            }
            return 0;
        }

        private void print(List<Titled> namespaces) {
            if (json) {
                ArrayNode all = Json.array();
                namespaces.forEach(
                        one -> all.addObject().put("title", one.title()).put("id", one.id()));
                shell.out().println(Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(all));
                return;
            }
            Table table = new Table("TITLE", "ID");
            namespaces.forEach(one -> table.row(Words.visible(one.title()), one.id()));
            shell.out().print(table);
        }
    }
}
