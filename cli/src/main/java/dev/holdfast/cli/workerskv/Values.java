package dev.holdfast.cli.workerskv;

import dev.holdfast.server.workerskv.Content;
import dev.holdfast.server.workerskv.WorkersKv;
import dev.holdfast.server.workerskv.WorkersKv.Listed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Reads values: a hundred texts in one request, and whatever is no text by itself. When most are none, it stops asking for many. Used by one
 * thread.
 */
final class Values {
    private final Source source;
    private final String namespace;
    private final int atOnce;
    private boolean many;

    /** @param exact whether every value is read by itself, so that it comes byte for byte */
    Values(Source source, String namespace, int atOnce, boolean exact) {
        this.source = source;
        this.namespace = namespace;
        this.atOnce = atOnce;
        this.many = !exact;
    }

    /** Takes what a key holds. */
    interface Sink {
        /** @param content empty when the key is gone since it was listed */
        void take(Listed key, Optional<Content> content) throws IOException, InterruptedException;
    }

    /** Hands over what each key holds, in their order. */
    void read(List<Listed> keys, Sink sink) throws IOException, InterruptedException {
        if (!many || keys.size() == 1) {
            each(keys, Map.of(), sink);
            return;
        }
        List<List<Listed>> parts = new ArrayList<>();
        List<Callable<Map<String, Content>>> tasks = new ArrayList<>();
        for (int i = 0; i < keys.size(); i += WorkersKv.BULK) {
            List<Listed> part = keys.subList(i, Math.min(keys.size(), i + WorkersKv.BULK));
            parts.add(part);
            tasks.add(
                    () -> source.texts(namespace, part.stream().map(Listed::key).toList()));
        }
        try (Ahead<Map<String, Content>> ahead = new Ahead<>(tasks, atOnce)) {
            for (List<Listed> part : parts) {
                Map<String, Content> texts = ahead.next();
                many &= 2 * texts.size() >= part.size();
                each(part, texts, sink);
            }
        }
    }

    private void each(List<Listed> keys, Map<String, Content> known, Sink sink)
            throws IOException, InterruptedException {
        List<Callable<Optional<Content>>> tasks = new ArrayList<>();
        for (Listed key : keys) {
            if (!known.containsKey(key.key())) {
                tasks.add(() -> source.value(namespace, key));
            }
        }
        try (Ahead<Optional<Content>> ahead = new Ahead<>(tasks, atOnce)) {
            for (Listed key : keys) {
                Content text = known.get(key.key());
                sink.take(key, text == null ? ahead.next() : Optional.of(text));
            }
        }
    }
}
