package dev.holdfast.client;

import dev.holdfast.client.cache.Found;
import dev.holdfast.client.cache.Known;
import dev.holdfast.client.cache.NearCache;
import dev.holdfast.client.cache.Place;
import dev.holdfast.client.transport.Deadline;
import dev.holdfast.client.transport.Repeat;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Reads of keys: from the near cache while that is current; otherwise one question to the server for all who want to know;
 * and if nobody answers, the last known good, as far as the policy allows. Thread-safe.
 */
final class Reading {
    /** Who has something to fall back on does not wait longer than that for something newer. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Calls calls;
    private final @Nullable NearCache cache;
    private final Asking asking;
    private final OnOutage onOutage;
    private final ConcurrentHashMap<Place, Flight> flights = new ConcurrentHashMap<>();
    private final LongAdder shared = new LongAdder();
    private final LongAdder lastKnownGood = new LongAdder();

    Reading(Calls calls, @Nullable NearCache cache, Written written, OnOutage onOutage) {
        this.calls = calls;
        this.cache = cache;
        this.asking = new Asking(calls, cache, written);
        this.onOutage = onOutage;
    }

    Answer read(Place place, ReadMode mode, Duration within) {
        Deadline deadline = Deadline.after(calls.time(), within);
        if (cache == null || mode != ReadMode.NEAR) {
            return fromServer(place, asking.ask(place, mode, null, Repeat.ALWAYS, deadline));
        }
        Found found = cache.find(place);
        if (found != null && found.current()) {
            return near(place, found, false);
        }
        if (found == null || !onOutage.allows(age(found.known()))) {
            return fromServer(place, together(place, found, Repeat.ALWAYS, deadline));
        }
        if (!calls.transport().promising()) {
            return near(place, found, true);
        }
        try {
            return fromServer(place, together(place, found, Repeat.AT_ONCE, deadline.atMost(PATIENCE)));
        } catch (HoldfastException.Unavailable nobody) {
            if (nobody.code().equals("interrupted")) {
                throw nobody;
            }
            // It may have expired, or changed by a write of this client, while the server was asked.
            Known still = cache.kept(place);
            if (still == null || !onOutage.allows(age(still))) {
                throw nobody;
            }
            return near(place, new Found(still, false, found.onDisk()), true);
        }
    }

    /** Asks, or waits for somebody who is asking. */
    private Known together(Place place, @Nullable Found found, Repeat repeat, Deadline deadline) {
        Known have = found == null ? null : found.known();
        Flight mine = new Flight(deadline);
        Flight other = flights.putIfAbsent(place, mine);
        if (other == null) {
            return lead(place, have, repeat, deadline, mine);
        }
        if (other.landsBefore(deadline)) {
            shared.increment();
            try {
                return other.join();
            } catch (HoldfastException.Unavailable failed) {
                if (!failed.code().equals("interrupted")
                        || Thread.currentThread().isInterrupted()) {
                    throw failed;
                }
                // Only the one who asked was interrupted.
            }
        }
        return asking.ask(place, ReadMode.NEAR, have, repeat, deadline);
    }

    private Known lead(Place place, @Nullable Known have, Repeat repeat, Deadline deadline, Flight mine) {
        try {
            Known known = asking.ask(place, ReadMode.NEAR, have, repeat, deadline);
            mine.landed(known);
            return known;
        } catch (RuntimeException failed) {
            mine.failed(failed);
            throw failed;
        } finally {
            flights.remove(place, mine);
        }
    }

    /** Whoever reads from now on does not join a question from before. */
    void wrote(Place place) {
        flights.remove(place);
    }

    private Duration age(Known known) {
        return Duration.ofMillis(Math.max(0, calls.time().wallMillis() - known.vouchedAt()));
    }

    private Answer near(Place place, Found found, boolean stale) {
        if (stale) {
            lastKnownGood.increment();
        }
        return answer(place, found.known(), found.onDisk() ? Freshness.Source.DISK : Freshness.Source.MEMORY, stale);
    }

    private Answer fromServer(Place place, Known known) {
        return answer(place, known, Freshness.Source.SERVER, false);
    }

    private Answer answer(Place place, Known known, Freshness.Source source, boolean stale) {
        return new Answer(
                place.key(),
                Answers.value(known),
                new Freshness(age(known), source, known.home(), known.confirmed(), stale));
    }

    long shared() {
        return shared.sum();
    }

    long lastKnownGood() {
        return lastKnownGood.sum();
    }
}
