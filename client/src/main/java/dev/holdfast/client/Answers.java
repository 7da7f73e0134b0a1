package dev.holdfast.client;

import dev.holdfast.client.cache.Known;
import dev.holdfast.client.transport.Response;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What answers of the native API say. */
final class Answers {
    /** What servers say where there never was one. */
    private static final String NO_VERSION = "0".repeat(16);

    private Answers() {}

    /**
     * What a read found.
     *
     * @param asked the time by the wall clock before the question was sent
     * @throws HoldfastException when it found out nothing
     */
    static Known known(Response<byte[]> response, long asked) {
        String version = response.header("Holdfast-Version").orElse("");
        String home = response.header("Holdfast-Source").orElse("");
        // Only the server's own word is an absence: a 404 of something in between says nothing of the key.
        if (response.status() == 404 && Failures.code(response).equals("key-not-found")) {
            return Known.absent(absentAsOf(response), home, confirmed(response), vouchedAt(response, asked));
        }
        if (response.status() != 200) {
            throw Failures.ofRead(response);
        }
        try {
            return new Known(
                    new Version(version).hex(),
                    true,
                    response.body(),
                    response.utf8Header("Holdfast-Metadata").orElse(""),
                    response.numberHeader("Holdfast-Expiration").orElse(Known.NEVER),
                    home,
                    confirmed(response),
                    vouchedAt(response, asked));
        } catch (IllegalArgumentException noVersion) {
            throw Failures.notUnderstood(response, false, noVersion);
        }
    }

    /** Up to which version an absence proves that the key is gone; empty when it proves nothing. */
    private static String absentAsOf(Response<?> response) {
        String version = response.header("Holdfast-Absent-As-Of").orElse("");
        try {
            return version.isEmpty() || version.equals(NO_VERSION) ? "" : new Version(version).hex();
        } catch (IllegalArgumentException noVersion) {
            throw Failures.notUnderstood(response, false, noVersion);
        }
    }

    static boolean confirmed(Response<?> response) {
        return !response.header("Holdfast-Confirmed").orElse("true").equals("false");
    }

    static long vouchedAt(Response<?> response, long asked) {
        return asked - Math.max(0, response.numberHeader("Age").orElse(0)) * 1000;
    }

    static Receipt receipt(Response<byte[]> response) {
        try {
            JsonNode body = Json.read(response.body());
            return new Receipt(
                    new Version(Json.text(body, "version")),
                    Json.texts(body, "homes"),
                    Json.texts(body, "hinted"),
                    body.path("domains").asInt(0),
                    body.path("short").asBoolean(false));
        } catch (JacksonException | IllegalArgumentException other) {
            throw Failures.notUnderstood(response, true, other);
        }
    }

    static @Nullable Value value(Known known) {
        return known.present()
                ? new Value(new Version(known.version()), known.value(), known.metadata(), instant(known.expiration()))
                : null;
    }

    static @Nullable Instant instant(long seconds) {
        return seconds == Known.NEVER ? null : Instant.ofEpochSecond(seconds);
    }
}
