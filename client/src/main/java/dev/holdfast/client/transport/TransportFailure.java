package dev.holdfast.client.transport;

import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** No whole answer came. */
public abstract sealed class TransportFailure extends IOException {
    private static final long serialVersionUID = 1L;

    private final URI endpoint;

    private TransportFailure(String message, URI endpoint, @Nullable Throwable cause) {
        super(message, cause);
        this.endpoint = endpoint;
    }

    /** The last one that was tried. */
    public URI endpoint() {
        return endpoint;
    }

    /** No connection: the request was not sent, and nothing has happened. */
    public static final class Unreachable extends TransportFailure {
        private static final long serialVersionUID = 1L;

        Unreachable(URI endpoint, Throwable cause) {
            super("no server answers at " + endpoint, endpoint, cause);
        }
    }

    /** The deadline passed before the answer came. What was asked for may have happened, or may happen yet. */
    public static final class Late extends TransportFailure {
        private static final long serialVersionUID = 1L;

        Late(URI endpoint) {
            super("no answer from " + endpoint + " in time", endpoint, null);
        }
    }

    /** The connection broke before the answer was whole. What was asked for may have happened. */
    public static final class Broken extends TransportFailure {
        private static final long serialVersionUID = 1L;

        Broken(URI endpoint, Throwable cause) {
            super("the connection to " + endpoint + " broke: " + reason(cause), endpoint, cause);
        }

        /** Why, in a few words. */
        public String reason() {
            Throwable cause = getCause();
            return cause == null ? "" : reason(cause);
        }

        private static String reason(Throwable cause) {
            String message = cause.getMessage();
            return message == null ? cause.getClass().getSimpleName() : message;
        }
    }
}
