package dev.holdfast.providers.s3;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** An S3 server as processes of its own, for as long as it is open. */
interface Server extends AutoCloseable {
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
