package dev.holdfast.providers.s3;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/** An S3 server as processes of its own, for as long as it is open. */
public interface Server extends AutoCloseable {
    String ACCESS_KEY = "local-identity";
    String SECRET = "local-credential";
    AtomicInteger BUCKETS = new AtomicInteger();

    URI endpoint();

    @Override
    void close();

    default S3Settings settings(String bucket, String prefix) {
        return new S3Settings(
                endpoint(),
                "us-east-1",
                bucket,
                prefix,
                true,
                List.of(new S3Credential(ACCESS_KEY, () -> SECRET)),
                Duration.ofSeconds(10),
                S3Settings.CONNECT_TIMEOUT,
                S3Settings.CONNECTIONS,
                S3Settings.GRACE);
    }

    static String freshBucket() {
        return "holdfast-" + ProcessHandle.current().pid() + "-" + BUCKETS.incrementAndGet();
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress("127.0.0.1", 0));
            return socket.getLocalPort();
        }
    }

    /** Puts what belongs to these tests where a process can read it. */
    static void resource(String name, Path file) throws IOException {
        try (InputStream in = Objects.requireNonNull(Server.class.getResourceAsStream(name))) {
            Files.write(file, in.readAllBytes());
        }
    }

    /** Waits until somebody listens. */
    static void awaitPort(int port, Process process) throws Exception {
        long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port), 500);
                return;
            } catch (IOException e) {
                if (System.nanoTime() - until > 0 || !process.isAlive()) {
                    throw new IOException("no server on port " + port, e);
                }
                Thread.sleep(20);
            }
        }
    }
}
