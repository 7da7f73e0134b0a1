package dev.holdfast.client;

import dev.holdfast.client.cache.Place;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Keys and their values. What it throws is a {@link HoldfastException} that says what is true afterwards. A thread that is
 * interrupted while it waits gets one too, and stays interrupted. Thread-safe.
 */
public final class Namespace {
    private final Holdfast client;
    private final String name;
    private final Duration deadline;

    Namespace(Holdfast client, String name, Duration deadline) {
        this.client = client;
        this.name = name;
        this.deadline = deadline;
    }

    /** The title or id that it was asked for by. */
    public String name() {
        return name;
    }

    /** The same, whose calls take at most that long, retries included. */
    public Namespace within(Duration longest) {
        return new Namespace(client, name, longest);
    }

    /** From the near cache, if the client has one and it is current; otherwise what the server answers. */
    public Answer get(String key) {
        return get(key, ReadMode.NEAR);
    }

    /** {@link ReadMode#CONFIRMED} and {@link ReadMode#FRESH} always ask the server. */
    public Answer get(String key, ReadMode mode) {
        return client.reading().read(place(key), mode, deadline);
    }

    /** Empty when there is no such key. */
    public Optional<String> getText(String key) {
        return get(key).text();
    }

    public Receipt put(String key, String text) {
        return put(key, text, PutOptions.DEFAULT);
    }

    public Receipt put(String key, String text, PutOptions options) {
        return client.writing().put(place(key), text.getBytes(StandardCharsets.UTF_8), options, deadline);
    }

    public Receipt put(String key, byte[] value) {
        return put(key, value, PutOptions.DEFAULT);
    }

    public Receipt put(String key, byte[] value, PutOptions options) {
        return client.writing().put(place(key), value.clone(), options, deadline);
    }

    /**
     * Writes only if the key is still at {@code expected}.
     *
     * @throws HoldfastException.ConditionFailed when it is not
     */
    public Receipt compareAndSet(String key, Version expected, String text) {
        return put(key, text, PutOptions.DEFAULT.onlyIf(Condition.at(expected)));
    }

    /** Succeeds also when there is nothing to delete. */
    public Receipt delete(String key) {
        return delete(key, Condition.NONE);
    }

    public Receipt delete(String key, Condition condition) {
        return client.writing().delete(place(key), condition, deadline);
    }

    /** All keys, in the order of their UTF-8 bytes, fetched page by page as they are needed. Always from the server. */
    public Listing list() {
        return list("");
    }

    /** The keys that begin with {@code prefix}. */
    public Listing list(String prefix) {
        return Listing.of(client.calls(), name, prefix, deadline);
    }

    /** What changes from now on to keys that begin with {@code prefix}. */
    public Watch watch(String prefix) {
        return watch(prefix, "");
    }

    /** What has changed since {@code position}, which an event of an earlier watch had; empty for from now on. */
    public Watch watch(String prefix, String position) {
        return new Watch(new WatchStream(client.calls(), name, prefix, position));
    }

    /**
     * Tells a listener, on a thread of its own, until the watch is closed.
     *
     * @param failed is told why, when the watch ends because the server refuses it or the listener throws
     */
    public Watch watch(
            String prefix, String position, Consumer<WatchEvent> listener, Consumer<RuntimeException> failed) {
        Watch watch = watch(prefix, position);
        client.calls().time().fork("holdfast-watch", () -> {
            try (watch) {
                watch.forEach(listener);
            } catch (RuntimeException thrown) {
                failed.accept(thrown);
            }
        });
        return watch;
    }

    private Place place(String key) {
        return new Place(name, key);
    }
}
