package dev.holdfast.integration.edge;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Carries connections to a port on this machine, until it is cut: then those there are end, and new ones end at once. */
final class Wire implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final int to;
    private volatile boolean cut;

    Wire(int to) throws IOException {
        this.to = to;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    void cut(boolean now) {
        cut = now;
        if (now) {
            open.forEach(Wire::end);
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket in = listener.accept();
                open.add(in);
                if (cut) {
                    end(in);
                    continue;
                }
                Socket out = new Socket(InetAddress.getLoopbackAddress(), to);
                open.add(out);
                in.setTcpNoDelay(true);
                out.setTcpNoDelay(true);
                Thread.ofVirtual().start(() -> carry(in, out));
                Thread.ofVirtual().start(() -> carry(out, in));
                if (cut) {
                    end(in);
                    end(out);
                }
            } catch (IOException nobodyThere) {
                // The client sees its connection end.
                open.removeIf(Socket::isClosed);
            }
        }
    }

    private void carry(Socket from, Socket into) {
        try (InputStream in = from.getInputStream();
                OutputStream out = into.getOutputStream()) {
            byte[] some = new byte[16 * 1024];
            for (int read = in.read(some); read >= 0; read = in.read(some)) {
                out.write(some, 0, read);
            }
        } catch (IOException ended) {
            // So does the other direction.
        } finally {
            end(from);
            end(into);
            open.remove(from);
            open.remove(into);
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            // That is what was wanted.
        }
    }

    @Override
    public void close() {
        cut(true);
        try {
            listener.close();
        } catch (IOException gone) {
            // That is what was wanted.
        }
    }
}
