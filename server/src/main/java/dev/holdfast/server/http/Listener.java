package dev.holdfast.server.http;

import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Where and with which threads to listen.
 *
 * @param name begins the names of its threads
 * @param host an address or host name of this machine
 * @param port 0 for any free one
 * @param tls null for plain HTTP/1.1 and h2c; otherwise HTTP/1.1 and h2 over TLS
 * @param calls runs each call; a listener that must answer while others are saturated needs platform threads of its own
 */
public record Listener(
        String name, String host, int port, @Nullable SSLContext tls, Executor calls) {

    /** A listener whose calls run on a virtual thread each. */
    public static Listener onVirtualThreads(String name, String host, int port, @Nullable SSLContext tls) {
        return new Listener(name, host, port, tls, Thread::startVirtualThread);
    }
}
