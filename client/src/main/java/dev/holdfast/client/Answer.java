package dev.holdfast.client;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a read found. That there is no such key is an answer, too, and has its freshness.
 *
 * @param found null when there is no such key
 */
public record Answer(String key, @Nullable Value found, Freshness freshness) {

    public boolean present() {
        return found != null;
    }

    public Optional<Value> value() {
        return Optional.ofNullable(found);
    }

    public Optional<String> text() {
        return value().map(Value::text);
    }

    /** Empty when there is no such key. */
    public Optional<Version> version() {
        return value().map(Value::version);
    }
}
