package dev.holdfast.cli.command;

import dev.holdfast.cli.Shell;
import dev.holdfast.cli.Words;
import dev.holdfast.cli.drill.Drill;
import dev.holdfast.cli.drill.DrillConfig;
import dev.holdfast.cli.drill.Traffic;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "drill",
        description = {
            "Makes a provider fail on purpose under load, checks every answer, and reports what users would have felt."
                    + " The server must run with --drills.",
            "It reads and writes a namespace of its own and deletes it at the end. Every other namespace feels the"
                    + " fault too. Ctrl-C ends the fault at once."
        },
        footer = {
            "%nModes: error, blackhole, slow, throttled, unauthorized, not-found, empty,",
            "stale, corrupt, truncated, disk-full, acknowledged-then-lost.",
            "%nExample:",
            "  holdfast drill --provider b --mode blackhole --for 30s",
            "  holdfast drill --provider a --mode slow --delay 500ms --rate 0.2 --for 10s",
            "%nExit code 1 when a request failed, an answer was wrong, a write was lost,",
            "or the provider did not come back."
        })
public final class DrillCommand extends Remote {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    @Option(names = "--provider", required = true, paramLabel = "NAME", description = "The one that is made to fail.")
    private String provider = "";

    @Option(names = "--mode", required = true, paramLabel = "MODE", description = "How it fails; see below.")
    private String mode = "";

    @Option(
            names = "--for",
            paramLabel = "TIME",
            description = "How long it fails. Default: ${DEFAULT-VALUE}.",
            defaultValue = "30s")
    private String during = "30s";

    @Option(
            names = "--rate",
            paramLabel = "SHARE",
            description = "Share of calls that fail, above 0 and at most 1. Default: ${DEFAULT-VALUE}.",
            defaultValue = "1.0")
    private double rate = 1.0;

    @Option(
            names = "--operations",
            split = ",",
            paramLabel = "OPERATION",
            description = "What fails: get, sight, put, scan, probe, collect. Default: all.")
    private List<String> operations = List.of();

    @Option(
            names = "--delay",
            paramLabel = "TIME",
            description = "How slow slow is. Default: ${DEFAULT-VALUE}.",
            defaultValue = "200ms")
    private String delay = "200ms";

    @Option(
            names = "--connections",
            paramLabel = "N",
            description = "Requests under way at once. Default: ${DEFAULT-VALUE}.",
            defaultValue = "16")
    private int connections = 16;

    @Option(
            names = "--keys",
            paramLabel = "N",
            description = "Keys read and written, some far more often than others. Default: ${DEFAULT-VALUE}.",
            defaultValue = "1000")
    private int keys = 1_000;

    @Option(
            names = "--before",
            paramLabel = "TIME",
            description = "Healthy time first, to compare with. Default: ${DEFAULT-VALUE}.",
            defaultValue = "5s")
    private String before = "5s";

    @Option(
            names = "--settle",
            paramLabel = "TIME",
            description = "The longest to wait for the provider afterwards. Default: ${DEFAULT-VALUE}.",
            defaultValue = "60s")
    private String settle = "60s";

    private boolean passed;

    public DrillCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() {
        run();
        return passed ? 0 : Failure.FAILED;
    }

    @Override
    void run() {
        DrillConfig config = config();
        try (Api store = connection.api(connection.dataUrl(), DEADLINE);
                Api control = connection.api(connection.adminUrl(), DEADLINE);
                DrillLine line = new DrillLine(shell);
                Drill drill = new Drill(config, store, control, line::show)) {
            Thread undo = new Thread(drill::close, "drill-undo");
            Runtime.getRuntime().addShutdownHook(undo);
            try {
                DrillReport report = new DrillReport(drill.run());
                line.clear();
                passed = report.result().passed();
                if (connection.json()) {
                    document(report.json());
                } else {
                    say(report.text());
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new Failure(Failure.FAILED, "The drill was interrupted; the fault is cleared.", stopped);
            } finally {
                forget(undo);
            }
        }
    }

    private DrillConfig config() {
        try {
            return DrillConfig.of(provider, mode, Durations.parse("--for", during))
                    .withFault(
                            rate, operations, Durations.parse("--delay", delay).toMillis())
                    .withTraffic(Traffic.DEFAULT.withConnections(connections).withKeys(keys))
                    .withPhases(Durations.parse("--before", before), Durations.parse("--settle", settle));
        } catch (IllegalArgumentException refused) {
            throw new Failure(Failure.USAGE, refused.getMessage() + ".", refused);
        }
    }

    private static void forget(Thread undo) {
        try {
            Runtime.getRuntime().removeShutdownHook(undo);
        } catch (IllegalStateException _) {
            // The process is being stopped, and the hook is what undoes the drill then.
        }
    }

    /** How the drill goes, in one line that is written over and over; on a terminal only. */
    private static final class DrillLine implements AutoCloseable {
        private final Shell shell;
        private boolean written;

        DrillLine(Shell shell) {
            this.shell = shell;
        }

        void show(Drill.News news) {
            if (shell.watched()) {
                written = true;
                shell.err()
                        .printf(
                                "\r\033[K%-6s %7s  %d ok  %d failed  %d wrong  provider %s, %s",
                                news.phase().label(),
                                Words.duration(news.millis()),
                                news.ok(),
                                news.failed(),
                                news.wrong(),
                                news.state(),
                                Words.count(news.hints(), "hint"));
                shell.err().flush();
            }
        }

        void clear() {
            if (written) {
                written = false;
                shell.err().print("\r\033[K");
                shell.err().flush();
            }
        }

        @Override
        public void close() {
            clear();
        }
    }
}
