package dev.holdfast.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How requests reach a server over a connection. */
enum Protocol {
    HTTP1("HTTP/1.1"),
    PIPELINED("HTTP/1.1 pipelined"),
    H2C("HTTP/2"),
    H2("HTTP/2 over TLS");

    private final String title;

    Protocol(String title) {
        this.title = title;
    }

    /** For people. */
    String title() {
        return title;
    }

    boolean http2() {
        return this == H2C || this == H2;
    }

    static List<String> names() {
        return Arrays.stream(values()).map(Protocol::toString).toList();
    }

    static Protocol named(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
