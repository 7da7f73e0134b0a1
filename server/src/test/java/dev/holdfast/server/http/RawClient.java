package dev.holdfast.server.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A client that sends exactly the bytes it is told to. Characters stand for bytes. */
public final class RawClient implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    public RawClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(60_000);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** @param headers with names in lower case; the last of several wins */
    public record Answer(int status, String reason, Map<String, String> headers, byte[] body) {
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    public static Answer once(int port, String request) throws IOException {
        try (RawClient client = new RawClient(port)) {
            return client.send(request).read();
        }
    }

    public RawClient send(String latin1) throws IOException {
        return send(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    public Answer read() throws IOException {
        return read(false);
    }

    public Answer readHead() throws IOException {
        return read(true);
    }

    private Answer read(boolean headOnly) throws IOException {
        String[] start = line().split(" ", 3);
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int status = Integer.parseInt(start[1]);
        int length = headOnly || status < 200 || status == 304
                ? 0
                : Integer.parseInt(headers.getOrDefault("content-length", "0"));
        return new Answer(status, start.length > 2 ? start[2] : "", headers, in.readNBytes(length));
    }

    /** Whether the server has closed the connection; waits for it. */
    public boolean closed() throws IOException {
        return in.read() < 0;
    }

    /** Whether the server neither sends anything nor closes for so long. */
    public boolean silentFor(Duration time) throws IOException {
        int usual = socket.getSoTimeout();
        socket.setSoTimeout((int) time.toMillis());
        try {
            in.read();
            return false;
        } catch (SocketTimeoutException silent) {
            return true;
        } finally {
            socket.setSoTimeout(usual);
        }
    }

    /** Closes with a reset instead of an end. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("closed after \"" + line.toString(StandardCharsets.ISO_8859_1) + "\"");
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
