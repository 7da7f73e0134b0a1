package dev.holdfast.client;

import dev.holdfast.client.cache.Fill;
import dev.holdfast.client.cache.Known;
import dev.holdfast.client.cache.NearCache;
import dev.holdfast.client.cache.Place;
import dev.holdfast.client.transport.Deadline;
import dev.holdfast.client.transport.Repeat;
import dev.holdfast.client.transport.Response;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks the server for a key, and keeps what it says. Thread-safe. */
final class Asking {
    private final Calls calls;
    private final @Nullable NearCache cache;
    private final Written written;

    Asking(Calls calls, @Nullable NearCache cache, Written written) {
        this.calls = calls;
        this.cache = cache;
        this.written = written;
    }

    /**
     * @param have what is kept already, so that its value need not come again
     * @param repeat {@link Repeat#AT_ONCE} if that will do when nobody answers
     * @throws HoldfastException.Unavailable also when nobody answers with what this client has itself written
     */
    Known ask(Place place, ReadMode mode, @Nullable Known have, Repeat repeat, Deadline deadline) {
        Written.Floor floor = written.floor(place);
        for (ReadMode asked = mode; ; asked = next(asked)) {
            Known known = once(place, mode, asked, have, repeat, deadline);
            // A server further away that has not caught up with a write of ours is asked to ask in its turn.
            if (known != null && (floor == null || floor.allows(known, asked != ReadMode.NEAR))) {
                return known;
            }
            if (asked == ReadMode.FRESH) {
                throw new HoldfastException.Unavailable(
                        "The servers answer with what was there before this client wrote it.",
                        "behind",
                        "",
                        null,
                        null);
            }
            have = null;
        }
    }

    private static ReadMode next(ReadMode mode) {
        return mode == ReadMode.NEAR ? ReadMode.CONFIRMED : ReadMode.FRESH;
    }

    /** @return null when a server that asks nobody says less than is known here */
    private @Nullable Known once(
            Place place, ReadMode wanted, ReadMode mode, @Nullable Known have, Repeat repeat, Deadline deadline) {
        Fill fill = cache == null ? null : cache.begin(place);
        boolean ended = false;
        try {
            long asked = calls.time().wallMillis();
            Response<byte[]> response = calls.read(path(place, mode), headers(have), repeat, deadline);
            // What is in hand is still there, as far as that server knows; this client may have learned better
            // meanwhile.
            Known known = response.status() == 304 && have != null
                    ? have.vouched(Answers.confirmed(response), Answers.vouchedAt(response, asked))
                    : Answers.known(response, asked);
            ended = true;
            return cache == null || fill == null ? known : judged(cache.end(fill, known), known, wanted, mode, asked);
        } finally {
            if (cache != null && fill != null && !ended) {
                cache.giveUp(fill);
            }
        }
    }

    /** An absence that does not end what is kept from before is no news, and what is kept no answer of the server. */
    private static @Nullable Known judged(Known newest, Known answer, ReadMode wanted, ReadMode mode, long asked) {
        boolean kept = !answer.present() && newest.present() && newest.vouchedAt() < asked;
        if (!kept) {
            return newest;
        }
        if (answer.confirmed() && mode == ReadMode.NEAR) {
            return null;
        }
        if (!answer.confirmed() || wanted == ReadMode.NEAR) {
            throw new HoldfastException.Unavailable(
                    "The server knows of no such key; this client has seen one that is newer than what the server can"
                            + " prove.",
                    "behind",
                    "",
                    null,
                    null);
        }
        return answer;
    }

    private static Map<String, String> headers(@Nullable Known have) {
        Map<String, String> headers = new HashMap<>();
        if (have != null && have.present()) {
            headers.put("If-None-Match", "\"" + have.version() + "\"");
        }
        return headers;
    }

    private static String path(Place place, ReadMode mode) {
        return Paths.value(place)
                + switch (mode) {
                    case NEAR -> "";
                    case CONFIRMED -> "?mode=confirmed";
                    case FRESH -> "?mode=fresh";
                };
    }
}
