package dev.holdfast.server.main;

/** The server cannot start; the message says why and what to do, in one line. */
public final class StartFailed extends Exception {
    private static final long serialVersionUID = 1;

    StartFailed(String sentence) {
        super(sentence);
    }

    StartFailed(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
