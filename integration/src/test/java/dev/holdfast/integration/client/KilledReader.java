package dev.holdfast.integration.client;

import dev.holdfast.client.Holdfast;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** A process that reads through a client with a near cache, says so, and waits to be killed. */
final class KilledReader {
    private KilledReader() {}

    /** @param arguments where the server is, the file with the token, and the folder of the near cache */
    public static void main(String[] arguments) throws Exception {
        Holdfast client = Holdfast.builder()
                .endpoint(URI.create(arguments[0]))
                .token(Files.readString(Path.of(arguments[1])).strip())
                .nearCache(Path.of(arguments[2]), 8 << 20)
                .build();
        for (int i = 0; i < 100; i++) {
            client.namespace("notes").get("k" + i);
        }
        System.out.println("read");
        System.out.flush();
        Thread.currentThread().join();
    }
}
