package dev.holdfast.client;

import dev.holdfast.client.transport.Deadline;
import dev.holdfast.client.transport.Percent;
import dev.holdfast.client.transport.Repeat;
import dev.holdfast.client.transport.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A listing that is still to be fetched. It can be gone through more than once, and asks the server each time; a page is
 * fetched when its first key is wanted. Keys that are written meanwhile may or may not be in it. Immutable.
 */
public final class Listing implements Iterable<ListedKey> {
    private static final int LARGEST_PAGE = 1_000;

    private final Calls calls;
    private final String namespace;
    private final String prefix;
    private final Duration deadline;
    private final int pageSize;
    private final String cursor;
    private final boolean values;

    private Listing(
            Calls calls,
            String namespace,
            String prefix,
            Duration deadline,
            int pageSize,
            String cursor,
            boolean values) {
        this.calls = calls;
        this.namespace = namespace;
        this.prefix = prefix;
        this.deadline = deadline;
        this.pageSize = pageSize;
        this.cursor = cursor;
        this.values = values;
    }

    static Listing of(Calls calls, String namespace, String prefix, Duration deadline) {
        return new Listing(calls, namespace, prefix, deadline, LARGEST_PAGE, "", false);
    }

    /**
     * Some of it.
     *
     * @param cursor what {@link #after} takes; empty at the end
     * @param confirmed whether the server vouches for nothing being left out
     */
    public record Page(List<ListedKey> keys, String cursor, boolean confirmed) {
        public Page {
            keys = List.copyOf(keys);
        }
    }

    /** With at most so many keys in a page, 1 to 1000. */
    public Listing pageSize(int keys) {
        return new Listing(calls, namespace, prefix, deadline, keys, cursor, values);
    }

    /** From where a page ended. */
    public Listing after(String from) {
        return new Listing(calls, namespace, prefix, deadline, pageSize, from, values);
    }

    /** With values, from servers that give them. */
    public Listing withValues() {
        return new Listing(calls, namespace, prefix, deadline, pageSize, cursor, true);
    }

    @Override
    public Iterator<ListedKey> iterator() {
        Iterator<Page> pages = pages().iterator();
        return new Iterator<>() {
            private Iterator<ListedKey> page = List.<ListedKey>of().iterator();

            @Override
            public boolean hasNext() {
                while (!page.hasNext() && pages.hasNext()) {
                    page = pages.next().keys().iterator();
                }
                return page.hasNext();
            }

            @Override
            public ListedKey next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return page.next();
            }
        };
    }

    public Stream<ListedKey> stream() {
        return StreamSupport.stream(spliterator(), false);
    }

    /** Page by page, each fetched when it is wanted. */
    public Iterable<Page> pages() {
        return () -> new Iterator<>() {
            private @Nullable String next = cursor;

            @Override
            public boolean hasNext() {
                return next != null;
            }

            @Override
            public Page next() {
                if (next == null) {
                    throw new NoSuchElementException();
                }
                Page page = page(next);
                next = page.cursor().isEmpty() ? null : page.cursor();
                return page;
            }
        };
    }

    private Page page(String from) {
        String path = Paths.namespace(namespace) + "/keys?limit=" + pageSize
                + (prefix.isEmpty() ? "" : "&prefix=" + Percent.encode(prefix))
                + (from.isEmpty() ? "" : "&cursor=" + Percent.encode(from))
                + (values ? "&values=true" : "");
        Response<byte[]> response = calls.read(path, Map.of(), Repeat.ALWAYS, Deadline.after(calls.time(), deadline));
        if (response.status() != 200) {
            throw Failures.ofRead(response);
        }
        try {
            JsonNode body = Json.read(response.body());
            List<ListedKey> keys = new ArrayList<>();
            for (JsonNode each : body.path("keys")) {
                keys.add(key(each));
            }
            return new Page(
                    keys, Json.text(body, "cursor"), body.path("confirmed").asBoolean(true));
        } catch (JacksonException | IllegalArgumentException other) {
            throw Failures.notUnderstood(response, false, other);
        }
    }

    private static ListedKey key(JsonNode each) {
        Version version = new Version(Json.text(each, "version"));
        Fields fields = Fields.of(each);
        byte[] bytes = fields.value();
        Value value = bytes == null ? null : new Value(version, bytes, fields.metadata(), fields.expiration());
        return new ListedKey(
                Json.text(each, "name"),
                version,
                each.path("size").asLong(0),
                fields.metadata(),
                fields.expiration(),
                value);
    }
}
