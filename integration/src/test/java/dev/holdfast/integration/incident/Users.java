package dev.holdfast.integration.incident;

import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Users of one namespace, who write a key now and then and read it back from the providers. */
final class Users implements AutoCloseable {
    private static final int KEYS = 50;
    private static final int READS = 4;

    private final Api store;
    private final String values;
    private final List<Thread> threads = new ArrayList<>();
    private volatile long pauseMillis;
    private volatile boolean over;

    Users(Api store, String namespace) {
        this.store = store;
        this.values = "/v1/namespaces/" + namespace + "/values/";
    }

    /** @param pause how long each rests from one request to the next, in milliseconds */
    void come(int users, long pause) {
        pauseMillis = pause;
        for (int i = 0; i < users; i++) {
            int first = i * 7;
            threads.add(Thread.ofVirtual().start(() -> use(first)));
        }
    }

    /** How long each rests from one request to the next. */
    void pause(long millis) {
        pauseMillis = millis;
    }

    private void use(int first) {
        for (int i = first; !over; i++) {
            String key = values + "key-" + i % KEYS;
            try {
                store.call("PUT", key, Map.of(), BodyPublishers.ofString("value " + i));
                for (int read = 0; read < READS && !over; read++) {
                    Thread.sleep(pauseMillis);
                    store.get(key + "?mode=confirmed");
                }
                Thread.sleep(pauseMillis);
            } catch (Failure broken) {
                // The server tells of it; this only asks.
                Thread.yield();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    @Override
    public void close() {
        over = true;
        threads.forEach(Thread::interrupt);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
