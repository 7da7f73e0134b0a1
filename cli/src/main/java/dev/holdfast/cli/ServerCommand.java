package dev.holdfast.cli;

import dev.holdfast.server.main.ServerProcess;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "server",
        description =
                "Runs a node in the foreground, until Ctrl-C or SIGTERM. It needs no configuration: it makes its data"
                        + " folder, prints a first admin token, and serves.",
        footer = {
            "%nAn option wins over a variable (HOLDFAST_LISTEN), and that over the file.",
            "%nExample:",
            "  holdfast server",
            "  holdfast server --config holdfast.yaml --data /var/lib/holdfast",
            "  holdfast server --listen 0.0.0.0:4653 --drills"
        })
final class ServerCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    final Help help = new Help();

    @Option(names = "--config", paramLabel = "FILE", description = "YAML; every setting is in docs/configuration.md.")
    private @Nullable Path config;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = {"Where the node keeps its own state.", "Default: ./holdfast-data"})
    private @Nullable String data;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = {"The data port.", "Default: 127.0.0.1:4653"})
    private @Nullable String listen;

    @Option(
            names = "--admin-listen",
            paramLabel = "HOST:PORT",
            description = {"The admin port.", "Default: 127.0.0.1:4654"})
    private @Nullable String adminListen;

    @Option(names = "--drills", description = "Let providers be made to fail on purpose: holdfast drill.")
    private boolean drills;

    ServerCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        return ServerProcess.run(Optional.ofNullable(config), shell.environment(), flags(), shell.out(), shell.err());
    }

    /** By the names of the settings; only what was given. */
    Map<String, String> flags() {
        Map<String, String> flags = new HashMap<>();
        put(flags, "data", data);
        put(flags, "listen", listen);
        put(flags, "admin.listen", adminListen);
        put(flags, "drills", drills ? "true" : null);
        return flags;
    }

    private static void put(Map<String, String> flags, String setting, @Nullable String text) {
        if (text != null) {
            flags.put(setting, text);
        }
    }
}
