package dev.holdfast.server.http;

import java.io.IOException;

/** Why the body of a call could not be had. */
public abstract sealed class BodyFault extends IOException {
    private static final long serialVersionUID = 1;

    private final int status;

    private BodyFault(int status, String sentence) {
        super(sentence);
        this.status = status;
    }

    /** The HTTP status that fits. */
    public int status() {
        return status;
    }

    /** Longer than the caller of {@link Call#body} allows. */
    public static final class TooLarge extends BodyFault {
        private static final long serialVersionUID = 1;

        private final long length;

        TooLarge(long length, long limit) {
            super(413, "The request body of " + length + " bytes exceeds the limit of " + limit + ".");
            this.length = length;
        }

        /** Bytes of the whole body; of a streamed one that never seemed to end, as far as it was counted. */
        public long length() {
            return length;
        }
    }

    /** Not framed as HTTP demands, or ended early because the client has gone; Jetty does not tell which. */
    public static final class Broken extends BodyFault {
        private static final long serialVersionUID = 1;

        Broken() {
            super(400, "The request body is not framed as HTTP demands, or ended early.");
        }
    }

    /** Came too slowly, or stopped coming. */
    public static final class TooSlow extends BodyFault {
        private static final long serialVersionUID = 1;

        TooSlow() {
            super(408, "The request body came too slowly.");
        }
    }

    /** The bodies under way fill the memory set apart for them. */
    public static final class Crowded extends BodyFault {
        private static final long serialVersionUID = 1;

        Crowded() {
            super(503, "The server holds too many large request bodies at this moment; try again.");
        }
    }
}
