package dev.holdfast.cli;

import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that every command has which speaks to a server. */
public final class Connection {
    /** The longest an answer may take; only a request with many keys takes more than a second. */
    public static final Duration DEADLINE = Duration.ofSeconds(60);

    private final Shell shell;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = {"The server's data port; also $HOLDFAST_URL.", "Default: http://127.0.0.1:4653"})
    private @Nullable URI url;

    @Option(
            names = "--admin",
            paramLabel = "URL",
            description = {"The server's admin port; also $HOLDFAST_ADMIN.", "Default: http://127.0.0.1:4654"})
    private @Nullable URI admin;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = {
                "The server's data folder: the token is read from its file admin-token, unless $HOLDFAST_TOKEN is set.",
                "Default: ${DEFAULT-VALUE}"
            },
            defaultValue = "./holdfast-data")
    private Path data = Path.of("holdfast-data");

    @Option(names = "--ca", paramLabel = "FILE", description = "PEM file with the certificates to trust, for https.")
    private @Nullable Path authorities;

    @Option(
            names = "--json",
            description = "Print one JSON document, or JSON lines where keys are streamed; nothing else on stdout.")
    private boolean json;

    public Connection(Shell shell) {
        this.shell = shell;
    }

    public boolean json() {
        return json;
    }

    public Path data() {
        return data;
    }

    public URI dataUrl() {
        return address(url, "--url", "HOLDFAST_URL", "http://127.0.0.1:4653");
    }

    public URI adminUrl() {
        return address(admin, "--admin", "HOLDFAST_ADMIN", "http://127.0.0.1:4654");
    }

    /** The data port. */
    public Api store() {
        return api(dataUrl(), DEADLINE);
    }

    /** The admin port. */
    public Api control() {
        return api(adminUrl(), DEADLINE);
    }

    public Api api(URI base, Duration deadline) {
        Token token = token();
        return new Api(base, token.text, token.source, deadline, Trust.context(authorities));
    }

    /** @param source where it came from, for messages */
    private record Token(String text, String source) {}

    private Token token() {
        String variable = shell.environment().getOrDefault("HOLDFAST_TOKEN", "").strip();
        if (!variable.isEmpty()) {
            return new Token(variable, "the variable HOLDFAST_TOKEN");
        }
        Path file = data.resolve("admin-token");
        try {
            return new Token(Files.readString(file).strip(), file.toString());
        } catch (IOException unreadable) {
            throw new Failure(
                    Failure.FAILED,
                    "No token: HOLDFAST_TOKEN is not set, and " + file + " "
                            + (Files.exists(file) ? "cannot be read by this user" : "does not exist")
                            + ".\nSet HOLDFAST_TOKEN, or name the server's data folder with --data.",
                    unreadable);
        }
    }

    private URI address(@Nullable URI option, String name, String variable, String otherwise) {
        String said = option != null ? option.toString() : shell.environment().getOrDefault(variable, "");
        String text = said.isBlank() ? otherwise : said.strip();
        while (text.endsWith("/")) {
            text = text.substring(0, text.length() - 1);
        }
        try {
            URI address = new URI(text);
            boolean http = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
            if (http && address.getHost() != null) {
                return address;
            }
        } catch (java.net.URISyntaxException _) {
            // The message below says what is expected.
        }
        throw new Failure(
                Failure.USAGE,
                (option != null ? name : variable) + " is \"" + text
                        + "\", which is not an address such as http://127.0.0.1:4653");
    }
}
