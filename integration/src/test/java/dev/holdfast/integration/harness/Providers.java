package dev.holdfast.integration.harness;

import dev.holdfast.cli.http.Api;
import dev.holdfast.cli.http.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What the admin port says of the providers. */
public final class Providers {
    private static final long POLL_MILLIS = 20;

    private final Api control;

    public Providers(Api control) {
        this.control = control;
    }

    /** One provider as of now. */
    public record Seen(String name, String state, long hints, String why) {
        public boolean whole() {
            return state.equals("current") && hints == 0;
        }
    }

    public List<Seen> look() {
        List<Seen> seen = new ArrayList<>();
        for (JsonNode one : control.require(control.get("/v1/status")).json().path("providers")) {
            seen.add(new Seen(
                    Json.text(one, "name", ""),
                    Json.text(one, "state", "?"),
                    one.path("hints").asLong(0),
                    Json.text(one, "why", "")));
        }
        return seen;
    }

    /**
     * Waits until every provider is current and has no hint waiting.
     *
     * @return how long that took
     */
    public Duration awaitWhole(Duration longest) throws InterruptedException {
        long begin = System.nanoTime();
        while (true) {
            List<Seen> now = look();
            long taken = System.nanoTime() - begin;
            if (now.stream().allMatch(Seen::whole)) {
                return Duration.ofNanos(taken);
            }
            if (taken > longest.toNanos()) {
                throw new AssertionError("not whole after " + longest + ": " + now);
            }
            Thread.sleep(POLL_MILLIS);
        }
    }
}
