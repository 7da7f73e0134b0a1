package dev.holdfast.cli.drill;

import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Failure;
import dev.holdfast.cli.http.Json;
import java.util.ArrayList;
import java.util.List;
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
     * @param troubled a sentence for each provider that is not current, this one or another
     */
    record Sight(long askedAt, String state, long hints, long hinted, boolean drills, List<String> troubled) {
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
        JsonNode watched = null;
        List<String> troubled = new ArrayList<>();
        for (JsonNode one : status.path("providers")) {
            String name = Json.text(one, "name", "");
            String state = Json.text(one, "state", "?");
            if (name.equals(provider)) {
                watched = one;
            }
            if (!state.equals("current")) {
                troubled.add(name + " is " + state + " (" + Json.text(one, "why", "") + ")");
            }
        }
        if (watched != null) {
            return new Sight(
                    askedAt,
                    Json.text(watched, "state", "?"),
                    watched.path("hints").asLong(0),
                    status.path("counters").path("hinted").asLong(0),
                    status.path("drills").asBoolean(false),
                    troubled);
        }
        throw new Failure(Failure.FAILED, "There is no provider \"" + provider + "\"; see holdfast provider list");
    }
}
