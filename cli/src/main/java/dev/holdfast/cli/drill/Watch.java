package dev.holdfast.cli.drill;

import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import tools.jackson.databind.JsonNode;

/** What the admin port says of one provider, asked again and again. The methods may be called from any thread. */
final class Watch {
    /** Between two looks. */
    static final long EVERY_MILLIS = 20;

    private final Api control;
    private final String provider;

    Watch(Api control, String provider) {
        this.control = control;
        this.provider = provider;
    }

    /**
     * One look.
     *
     * @param askedAt when the question was sent, by {@link System#nanoTime}: what is told is not older than that
     * @param hints waiting for the provider
     * @param hinted hints made since the server's start, for all providers
     */
    record Sight(long askedAt, String state, long hints, long hinted, boolean drills) {
        boolean current() {
            return state.equals("current");
        }

        boolean whole() {
            return current() && hints == 0;
        }
    }

    /** @throws Failure when the admin port does not answer or does not know the provider */
    Sight look() {
        long askedAt = System.nanoTime();
        JsonNode status = control.require(control.get("/v1/status")).json();
        for (JsonNode one : status.path("providers")) {
            if (Json.text(one, "name", "").equals(provider)) {
                return new Sight(
                        askedAt,
                        Json.text(one, "state", "?"),
                        one.path("hints").asLong(0),
                        status.path("counters").path("hinted").asLong(0),
                        status.path("drills").asBoolean(false));
            }
        }
        throw new Failure(Failure.FAILED, "There is no provider \"" + provider + "\"; see holdfast provider list");
    }
}
