package dev.holdfast.cli.command;

import dev.holdfast.cli.Shell;
import dev.holdfast.cli.Words;
import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.http.Reply;
import dev.holdfast.cli.portability.Sending;
import dev.holdfast.cli.workerskv.Import;
import dev.holdfast.cli.workerskv.Source;
import dev.holdfast.cli.workerskv.Tally;
import dev.holdfast.server.workerskv.WorkersKv;
import dev.holdfast.server.workerskv.WorkersKv.Titled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "import",
        description = {
            "Copies namespaces from Workers KV to here, with metadata and expirations; run again, what has changed"
                    + " since.",
            "Nothing is written over that somebody else has written or deleted here since the first time. After a kill,"
                    + " run it again: it goes on.",
            "A list of Workers KV shows neither values nor versions. So a new key is read, and one whose metadata or"
                    + " expiration differs; that another value has changed only --verify finds out, which reads all."
        },
        footer = {
            "%nExample:",
            "  holdfast workers-kv import settings --token-file cloudflare-token",
            "  holdfast workers-kv import settings --token-file cloudflare-token --follow",
            "  holdfast workers-kv import settings --token-file cloudflare-token --verify",
            "%nWhat it has done stands in workers-kv-ID.import, below --state."
        })
public final class WorkersKvImport extends Remote {
    private static final int AT_ONCE = 8;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "FROM",
            description = "Id or title of the namespace at Workers KV.")
    private @Nullable String from;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "TO",
            description = "Id or title of the one here, which is made if there is none. Default: the title of FROM.")
    private @Nullable String to;

    @Mixin
    private final WorkersKvOptions options = new WorkersKvOptions();

    @Option(names = "--all", description = "All namespaces of the account, each to one of the same title.")
    private boolean all;

    @Option(names = "--prefix", paramLabel = "PREFIX", description = "Only keys that begin so.")
    private String prefix = "";

    @Option(
            names = "--parallel",
            paramLabel = "N",
            description = {"Requests under way at once.", "Default: 8"})
    private int atOnce = AT_ONCE;

    @Option(
            names = "--exact",
            description = "Read every value by itself, at four a second. Otherwise a hundred texts are read at once, by"
                    + " which a byte order mark at the beginning of a value may be lost.")
    private boolean exact;

    @Option(names = "--verify", description = "Read all values there, and say what is not the same here.")
    private boolean verify;

    @Option(
            names = "--delete",
            description =
                    "Delete here what this import has written and is gone there. Each is asked for once more before.")
    private boolean delete;

    @Option(names = "--overwrite", description = "Write over what somebody else has written here, too.")
    private boolean overwrite;

    @Option(
            names = "--follow",
            paramLabel = "TIME",
            arity = "0..1",
            fallbackValue = "60s",
            description = "Do it again and again, with so much time between. Without a time: 60s")
    private @Nullable String follow;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = {"Where to note what is done.", "Default: ."})
    private Path state = Path.of(".");

    @Option(names = "--dry-run", description = "Only say what would be; nothing is written.")
    private boolean dryRun;

    public WorkersKvImport(Shell shell) {
        super(shell);
    }

    @Override
    void run() throws IOException {
        if (all == (from != null)) {
            throw new Failure(Failure.USAGE, "Name one namespace, or say --all.");
        }
        if (atOnce < 1) {
            throw new Failure(Failure.USAGE, "--parallel must be 1 or more.");
        }
        long between = follow == null ? 0 : Durations.parse("--follow", follow).toMillis();
        try (Api store = connection.store();
                WorkersKv there = options.open(shell)) {
            Source source = options.source(there, this::remark);
            List<Titled> wanted = wanted(source.namespaces());
            long pass = 0;
            do {
                Thread.sleep(pass == 0 ? 0 : between);
                pass(store, source, wanted, pass++);
            } while (follow != null);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new Failure(Failure.FAILED, "Interrupted.", stopped);
        }
    }

    private List<Titled> wanted(List<Titled> there) {
        if (all) {
            return there;
        }
        return List.of(there.stream()
                .filter(one -> one.id().equals(from) || one.title().equals(from))
                .findFirst()
                .orElseThrow(() -> new Failure(
                        Failure.FAILED,
                        "There is no namespace \"" + from + "\" in that account at Workers KV; see holdfast workers-kv"
                                + " list")));
    }

    private void pass(Api store, Source source, List<Titled> namespaces, long pass)
            throws IOException, InterruptedException {
        for (Titled one : namespaces) {
            try {
                one(store, source, one, pass);
            } catch (Failure away) {
                if (follow == null || pass == 0 || away.exitCode() != Failure.NOT_REACHABLE) {
                    throw away;
                }
                remark(String.valueOf(away.getMessage()));
            }
        }
    }

    private void one(Api store, Source source, Titled namespace, long pass) throws IOException, InterruptedException {
        String title = to == null ? namespace.title() : to;
        Reply reply = store.get(Namespaces.path(title));
        if (reply.status() == 404 && dryRun) {
            remark("There is no namespace \"" + title + "\" here yet: all of it would be written.");
            return;
        }
        if (reply.status() == 404) {
            reply = store.send("POST", "/v1/namespaces", Json.object().put("title", title));
            remark("Made the namespace \"" + Words.visible(title) + "\".");
        }
        String id = Json.text(store.require(reply).json(), "id", "");
        String of =
                options.base() + " " + options.account(shell) + " " + namespace.id() + " \"" + prefix + "\" to " + id;
        Files.createDirectories(state);
        Import work = new Import(
                shell,
                source,
                new Sending(store, this::remark),
                new Import.Choice(prefix, atOnce, exact, verify, delete, overwrite, dryRun),
                namespace.id(),
                Namespaces.path(id),
                of,
                state.resolve("workers-kv-" + namespace.id() + ".import"));
        long began = System.nanoTime();
        long requests = source.requests();
        Tally tally = work.run();
        long millis = Math.max(1, (System.nanoTime() - began) / 1_000_000);
        if (connection.json()) {
            ObjectNode said = tally.json(dryRun);
            said.put("namespace", title)
                    .put("requests", source.requests() - requests)
                    .put("seconds", millis / 1_000.0);
            line(said);
        } else if (pass == 0 || !tally.quiet()) {
            say(Words.visible(title) + ": " + tally.text(dryRun) + "\n  in " + Words.duration(millis) + ", "
                    + tally.keys() * 1_000 / millis + " keys a second, by "
                    + Words.count(source.requests() - requests, "request") + limited(source));
        }
    }

    private static String limited(Source source) {
        return source.limited() == 0 ? "." : "; " + source.limited() + " times it was told to wait.";
    }
}
