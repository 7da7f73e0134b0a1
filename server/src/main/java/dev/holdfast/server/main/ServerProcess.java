package dev.holdfast.server.main;

import dev.holdfast.server.config.BadConfig;
import dev.holdfast.server.config.ServerConfig;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A server as a process: from its configuration until it is told to stop. */
public final class ServerProcess {
    private ServerProcess() {}

    /**
     * Runs a server until SIGTERM or SIGINT, which let the requests under way finish; a second one changes nothing, since the JVM
     * runs its hooks once. Who cannot wait for that may use SIGKILL: what was acknowledged is on disk.
     *
     * @param file the configuration file
     * @param flags texts from the command line by the name of the setting
     * @param out takes what the operator should read
     * @param err takes why the server does not start
     * @return the exit code of the process
     */
    public static int run(
            Optional<Path> file,
            Map<String, String> environment,
            Map<String, String> flags,
            PrintStream out,
            PrintStream err) {
        try {
            ServerConfig config = ServerConfig.load(file, environment, flags);
            LogSetup.apply(config.logging());
            config.warnings().forEach(err::println);
            HoldfastServer server =
                    HoldfastServer.start(config, () -> ServerConfig.load(file, environment, flags), line -> {
                        out.println(line);
                        out.flush();
                    });
            // SIGTERM and SIGINT run the hook; the process ends when it is through.
            Runtime.getRuntime().addShutdownHook(new Thread(server::stop, "stop"));
            server.awaitStopped();
            return 0;
        } catch (BadConfig | StartFailed e) {
            err.println(e.getMessage());
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }
}
