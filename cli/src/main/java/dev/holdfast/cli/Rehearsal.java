package dev.holdfast.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Plays a server's start and a few seconds of its work, for the JVM to note what that takes ({@code -XX:AOTCacheOutput}): the classes, and
 * how the methods that matter are used. Later starts begin with that. The launcher runs it, in a folder that it deletes afterwards.
 */
final class Rehearsal {
    private static final Pattern SERVING = Pattern.compile("Serving on (\\S+), admin on (\\S+)\\.");
    private static final Pattern NAMESPACE = Pattern.compile("\"id\":\"([0-9a-f]{32})\"");
    private static final long READING_NANOS = 6_000_000_000L;
    private static final int READERS = 8;
    private static final int KEYS = 64;

    private final Path folder;
    private final CompletableFuture<Matcher> serving = new CompletableFuture<>();
    private final HttpClient http = HttpClient.newHttpClient();

    private Rehearsal(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] arguments) throws Exception {
        new Rehearsal(Path.of(arguments[0])).play();
        // As SIGTERM does: the server lets go of everything, which is part of the play.
        System.exit(0);
    }

    private void play() throws Exception {
        Shell stage = shell(new Lines(), Map.of());
        String data = folder.resolve("data").toString();
        Thread.ofPlatform()
                .daemon()
                .start(() -> serve(Holdfast.run(
                        stage, "server", "--data", data, "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0")));
        Matcher found = serving.get(1, TimeUnit.MINUTES);
        String url = found.group(1);
        String token = Files.readString(folder.resolve("data/admin-token")).strip();
        String account = Files.readString(folder.resolve("data/account-id")).strip();
        Shell client = shell(
                OutputStream.nullOutputStream(),
                Map.of("HOLDFAST_URL", url, "HOLDFAST_ADMIN", found.group(2), "HOLDFAST_TOKEN", token));
        command(client, "namespace", "create", "rehearsal");
        for (int i = 0; i < KEYS; i++) {
            send(token, URI.create(url + "/v1/namespaces/rehearsal/values/k" + i), "PUT");
        }
        command(client, "kv", "put", "rehearsal", "key", "value");
        command(client, "kv", "get", "rehearsal", "key");
        command(client, "kv", "list", "rehearsal");
        command(client, "kv", "delete", "rehearsal", "key");
        command(client, "status");
        String rest = url + "/client/v4/accounts/" + account + "/storage/kv/namespaces";
        Matcher id = NAMESPACE.matcher(send(token, URI.create(rest), "GET"));
        if (!id.find()) {
            throw new IllegalStateException("the namespace is not listed");
        }
        String namespace = id.group(1);
        read(
                token,
                List.of(
                        url + "/v1/namespaces/" + namespace + "/values/k",
                        url + "/kv/" + namespace + "/k",
                        rest + "/" + namespace + "/values/k"));
    }

    private void serve(int exitCode) {
        serving.completeExceptionally(new IllegalStateException("the server ended with exit code " + exitCode));
    }

    private static void command(Shell shell, String... arguments) {
        int exitCode = Holdfast.run(shell, arguments);
        if (exitCode != 0) {
            throw new IllegalStateException("holdfast " + String.join(" ", arguments) + ": exit code " + exitCode);
        }
    }

    private void read(String token, List<String> prefixes) throws InterruptedException {
        long end = System.nanoTime() + READING_NANOS;
        List<Thread> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            String prefix = prefixes.get(i % prefixes.size());
            readers.add(Thread.startVirtualThread(() -> {
                for (int key = 0; System.nanoTime() < end; key++) {
                    send(token, URI.create(prefix + key % KEYS), "GET");
                }
            }));
        }
        for (Thread reader : readers) {
            reader.join();
        }
    }

    private String send(String token, URI uri, String method) {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .version(HttpClient.Version.HTTP_1_1)
                .header("Authorization", "Bearer " + token)
                .method(
                        method,
                        method.equals("PUT")
                                ? HttpRequest.BodyPublishers.ofString("value")
                                : HttpRequest.BodyPublishers.noBody())
                .build();
        try {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                throw new IllegalStateException(method + " " + uri + ": " + response.statusCode());
            }
            return response.body();
        } catch (IOException e) {
            throw new IllegalStateException(method + " " + uri, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static Shell shell(OutputStream out, Map<String, String> environment) {
        return new Shell(
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(System.err, true, StandardCharsets.UTF_8),
                environment,
                false,
                false);
    }

    /** Takes what the server says, and waits for where it serves. */
    private final class Lines extends OutputStream {
        private final StringBuilder said = new StringBuilder();

        @Override
        public synchronized void write(int b) {
            said.append((char) b);
            if (b == '\n') {
                Matcher found = SERVING.matcher(said);
                if (found.find()) {
                    serving.complete(found);
                }
            }
        }
    }
}
