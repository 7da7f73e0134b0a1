package dev.holdfast.client.transport;

import org.jspecify.annotations.Nullable;

/** How one attempt ended: with a response, or with a failure. */
record Outcome<T>(
        Attempt attempt,
        @Nullable Response<T> response,
        @Nullable TransportFailure failure) {

    /** Whether sending the request again may give a better answer and can't do harm. */
    boolean repeatable(Repeat repeat) {
        if (repeat == Repeat.NEVER) {
            return false;
        }
        if (response != null) {
            return switch (response.status()) {
                case 429, 503, 508 -> true;
                case 502, 504 -> repeat.harmless();
                default -> false;
            };
        }
        return repeat.harmless() || failure instanceof TransportFailure.Unreachable;
    }

    /** Whether the server will not answer this however often it is asked, since it would have to ask the asker. */
    boolean loop() {
        return response != null && response.status() == 508;
    }

    Response<T> orThrow() throws TransportFailure {
        if (response != null) {
            return response;
        }
        throw java.util.Objects.requireNonNull(failure);
    }
}
