package dev.holdfast.cli.command;

import dev.holdfast.cli.Shell;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.workerskv.Source;
import dev.holdfast.engine.time.SystemTime;
import dev.holdfast.server.workerskv.ApiToken;
import dev.holdfast.server.workerskv.Pace;
import dev.holdfast.server.workerskv.WorkersKv;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which account of Workers KV, and who asks. */
final class WorkersKvOptions {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    /** Some are left for whoever else works with the account. */
    private static final int REQUESTS = 1_100;

    @Option(
            names = "--account",
            paramLabel = "ID",
            description = "The account at Workers KV; also $CLOUDFLARE_ACCOUNT_ID.")
    private @Nullable String account;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = {
                "Its API token, with the permission Workers KV Storage Read; also $CLOUDFLARE_API_TOKEN.",
                "Never an argument, since others can read those."
            })
    private @Nullable Path tokenFile;

    @Option(
            names = "--from-url",
            paramLabel = "URL",
            description = {
                "The API; another Holdfast's is http://HOST:4653/client/v4.",
                "Default: https://api.cloudflare.com/client/v4"
            })
    private URI base = WorkersKv.CLOUDFLARE;

    @Option(
            names = "--requests",
            paramLabel = "N",
            description = {
                "At most so many requests in five minutes: Cloudflare allows a user 1200 for all that he does.",
                "Default: 1100"
            })
    private int requests = REQUESTS;

    String account(Shell shell) {
        String said = account != null ? account : shell.environment().getOrDefault("CLOUDFLARE_ACCOUNT_ID", "");
        if (said.isBlank()) {
            throw new Failure(Failure.USAGE, "Which account? --account, or the variable CLOUDFLARE_ACCOUNT_ID.");
        }
        return said.strip();
    }

    String base() {
        String text = base.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    /** For the caller to close. */
    WorkersKv open(Shell shell) {
        boolean http = "http".equals(base.getScheme()) || "https".equals(base.getScheme());
        if (!http || base.getHost() == null) {
            throw new Failure(
                    Failure.USAGE,
                    "--from-url is \"" + base + "\", which is not an address such as " + WorkersKv.CLOUDFLARE);
        }
        return new WorkersKv(URI.create(base()), account(shell), token(shell.environment()), DEADLINE);
    }

    private ApiToken token(Map<String, String> environment) {
        if (tokenFile != null) {
            return ApiToken.file(tokenFile);
        }
        String secret = environment.getOrDefault("CLOUDFLARE_API_TOKEN", "");
        if (secret.isBlank()) {
            throw new Failure(
                    Failure.USAGE,
                    "No API token: --token-file names a file with it, or the variable CLOUDFLARE_API_TOKEN has it.");
        }
        return ApiToken.of(secret);
    }

    Source source(WorkersKv there, Consumer<String> remark) {
        if (requests < 1) {
            throw new Failure(Failure.USAGE, "--requests must be 1 or more.");
        }
        return new Source(there, new Pace(new SystemTime(), requests), remark);
    }
}
