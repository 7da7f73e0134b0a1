package dev.holdfast.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/**
 * Users who want so much a second, however fast they are answered. Each connection asks at set times; a request that is late since the
 * one before it was, is counted from when it was to be sent, so that waiting is not left out.
 *
 * @param perSecond of each connection
 */
record Steady(int port, int connections, int perSecond, IntFunction<Ask> asks) {

    /** What the users of all connections felt, in milliseconds; a failed request has no place among them. */
    record Felt(double[] millis, long failed) {}

    Felt run(int seconds) throws IOException, InterruptedException {
        try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
            List<Future<Felt>> all = new ArrayList<>();
            long begin = System.nanoTime() + 100_000_000L;
            for (int connection = 0; connection < connections; connection++) {
                int of = connection;
                all.add(threads.submit(() -> ask(of, begin, seconds)));
            }
            List<double[]> felt = new ArrayList<>();
            long failed = 0;
            for (Future<Felt> each : all) {
                felt.add(each.get().millis());
                failed += each.get().failed();
            }
            return new Felt(felt.stream().flatMapToDouble(Arrays::stream).toArray(), failed);
        } catch (ExecutionException e) {
            throw new IOException("a connection broke: " + e.getCause(), e);
        }
    }

    private Felt ask(int of, long begin, int seconds) throws IOException {
        double[] millis = new double[seconds * perSecond];
        int answered = 0;
        long failed = 0;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (int i = 0; i < millis.length; i++) {
                // Connections take turns, so that their requests do not come together.
                long due = begin + (long) ((i + (double) of / connections) * 1e9 / perSecond);
                while (System.nanoTime() - due < 0) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                socket.getOutputStream()
                        .write(asks.apply(i * connections + of).wire().getBytes(StandardCharsets.ISO_8859_1));
                if (good(in)) {
                    millis[answered++] = (System.nanoTime() - due) / 1e6;
                } else {
                    failed++;
                }
            }
        }
        return new Felt(Arrays.copyOf(millis, answered), failed);
    }

    /** Reads one answer to its end. */
    private static boolean good(InputStream in) throws IOException {
        String status = line(in);
        long length = 0;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length =
                        Long.parseLong(header.substring(header.indexOf(':') + 1).strip());
            }
        }
        in.skipNBytes(length);
        return status.startsWith("HTTP/1.1 2");
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the server has closed the connection");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
