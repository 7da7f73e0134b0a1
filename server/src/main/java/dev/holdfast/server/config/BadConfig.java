package dev.holdfast.server.config;

import java.util.List;

/** The configuration cannot be used. Says everything that is wrong with it, one sentence a line. */
public final class BadConfig extends Exception {
    private static final long serialVersionUID = 1;

    public BadConfig(List<String> problems) {
        super(String.join("\n", problems), null, false, false);
    }
}
