package dev.holdfast.server.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a query string, decoded as forms are: {@code +} is a space, a stray {@code %} is itself, bytes that are not
 * UTF-8 become U+FFFD. Immutable.
 */
public final class Query {
    private static final Query EMPTY = new Query(List.of());

    private record Parameter(String name, String value) {}

    private final List<Parameter> parameters;

    private Query(List<Parameter> parameters) {
        this.parameters = parameters;
    }

    /** @param raw what follows the question mark; null for nothing */
    public static Query parse(@Nullable String raw) {
        if (raw == null || raw.isEmpty()) {
            return EMPTY;
        }
        List<Parameter> parameters = new ArrayList<>(4);
        int from = 0;
        while (from <= raw.length()) {
            int end = raw.indexOf('&', from);
            if (end < 0) {
                end = raw.length();
            }
            if (end > from) {
                int equals = raw.indexOf('=', from);
                boolean valued = equals >= 0 && equals < end;
                String name = decode(raw.substring(from, valued ? equals : end));
                parameters.add(new Parameter(name, valued ? decode(raw.substring(equals + 1, end)) : ""));
            }
            from = end + 1;
        }
        return new Query(parameters);
    }

    /** The first value of that name; null when there is none. */
    public @Nullable String get(String name) {
        for (Parameter parameter : parameters) {
            if (parameter.name.equals(name)) {
                return parameter.value;
            }
        }
        return null;
    }

    private static String decode(String text) {
        if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
            return text;
        }
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(raw.length);
        for (int i = 0; i < raw.length; i++) {
            int value = raw[i] == '%' ? PercentEncoding.octetAt(raw, i) : -1;
            if (value >= 0) {
                decoded.write(value);
                i += 2;
            } else {
                decoded.write(raw[i] == '+' ? ' ' : raw[i]);
            }
        }
        return decoded.toString(StandardCharsets.UTF_8);
    }
}
