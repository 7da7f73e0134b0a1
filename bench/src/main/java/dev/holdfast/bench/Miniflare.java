package dev.holdfast.bench;

import dev.holdfast.bench.Answer.Header;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Miniflare's own KV, asked through a Worker that looks at the token and answers with the value as a stream. */
record Miniflare(Child process, int port, Path folder, Load load) {
    private static final Duration TO_START = Duration.ofMinutes(2);
    private static final Path CLIENTS =
            Path.of(System.getProperty("holdfast.bench.clients", "integration/target/clients"));
    private static final String SCRIPT = "miniflare.mjs";
    private static final String TOKEN = "a-token-of-the-bench";

    /** @param folder where the load lies */
    static Miniflare start(Path folder, Load load, Belongings belongings) throws IOException, InterruptedException {
        Path modules = CLIENTS.resolve("node_modules").toAbsolutePath();
        if (Files.notExists(modules.resolve("miniflare"))) {
            throw new IOException(
                    "needs miniflare; install it with integration/clients/install, which takes it from npm");
        }
        Path script = folder.resolve(SCRIPT);
        Resource.copy(SCRIPT, script);
        List<String> command = List.of(
                modules.resolve(".bin/node").toString(),
                script.toString(),
                modules.toString(),
                folder.toString(),
                TOKEN);
        Child process = belongings.add(Child.talking("miniflare", folder, command));
        int port = Integer.parseInt(process.line(TO_START));
        Miniflare miniflare = new Miniflare(process, port, folder, load);
        miniflare.check();
        return miniflare;
    }

    private static Ask ask(Load.Entry entry) {
        return Ask.get("/" + entry.key(), List.of(new Header("Authorization", "Bearer " + TOKEN)));
    }

    private void check() throws IOException, InterruptedException {
        try (Client client = new Client("", null)) {
            for (Load.Entry entry :
                    List.of(load.entries().getFirst(), load.entries().getLast())) {
                HttpResponse<byte[]> response = client.require(port, ask(entry));
                if (!new String(response.body(), StandardCharsets.UTF_8).equals(entry.value())) {
                    throw process.failure("does not answer with the value of " + entry.key());
                }
                if (client.send(port, ask(entry).bare()).statusCode() != 401) {
                    throw process.failure("answers without a token");
                }
            }
        }
    }

    Case measured(String id, int connections) throws IOException {
        Wrk wrk = Wrk.prepare(folder, "miniflare", load, Miniflare::ask, connections, 1);
        return new Case(id, "Miniflare KV", Protocol.HTTP1.title(), seconds -> wrk.run(process, port, seconds));
    }
}
