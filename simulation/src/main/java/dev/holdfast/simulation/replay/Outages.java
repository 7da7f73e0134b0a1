package dev.holdfast.simulation.replay;

import dev.holdfast.engine.provider.Fault;
import dev.holdfast.engine.provider.FaultMode;
import dev.holdfast.simulation.replay.Scenario.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The outages that can be played again. */
public final class Outages {
    private static final long MINUTE = 60_000_000_000L;
    private static final long SECOND = 1_000_000_000L;

    private static final List<String> LOAD = List.of(
            "Load: 100 reads to a write, 0.03 % of the keys take 40 % of the reads, values of 288 bytes, all as"
                + " published. Chosen: 10,000 keys, so that three of them are hot, reads spread evenly over the others"
                + " and writes over all, 40 reads a second.",
            "No key has a value when the load begins, ten minutes before the outage: only what was written since then"
                    + " can be stale or lost.",
            "The cache of the first two arms is one cache that holds everything that was asked for and forgets it after"
                    + " 60 s, the default of Workers KV. Many small caches would answer less.",
            "A provider that is down refuses connections at once. A call to one that is up takes 1 to 3 ms, and a"
                    + " write 1 to 2 ms more.",
            "The third arm is the engine that ships, with its defaults and no cache in front.");

    /** The first one first. */
    public static final List<Scenario> ALL = List.of(
            new Scenario(
                    "cf-2025-06-12",
                    "Cloudflare Workers KV, 12 June 2025",
                    List.of(
                            "The store kept its data with one third-party provider, and that provider went down for 2"
                                    + " h 28. Over 90 % of requests failed (90.22 %): only what was in a cache was"
                                    + " answered, and caches forgot by TTL.",
                            "Every write failed. No data was lost."),
                    List.of("More fails here than the published 90.22 % because the model has one cache, which forgets"
                            + " after 60 s, and no more: on the day caches that keep values longer went on"
                            + " answering some requests. The table of the times to live shows what that changes."),
                    LOAD,
                    148 * MINUTE,
                    List.of(
                            new Event(
                                    0,
                                    "provider a is down",
                                    places -> places.a().crash()),
                            new Event(
                                    148 * MINUTE,
                                    "provider a is back",
                                    places -> places.a().restart()))),
            new Scenario(
                    "cf-2025-06-12-for-good",
                    "12 June 2025, had the provider never come back",
                    List.of(
                            "As on 12 June, but the provider that went down never returns, and nothing that it held"
                                    + " does.",
                            "Forty seconds before, the other provider had failed for half a minute and was back: a"
                                    + " hiccup as every provider has them. At no moment do both fail."),
                    List.of("Without that half minute first-ack would lose nothing here. The table of the rounds of"
                            + " repair shows how long after it a write stays with one provider alone."),
                    with(
                            LOAD,
                            "In the second arm, keys that one side has missed are repaired in rounds, one a minute,"
                                    + " and the list of these keys is never lost. How often rounds are made was not"
                                    + " published.",
                            "Lost is an acknowledged write that no provider holds at the end, nor a newer one of its"
                                    + " key."),
                    148 * MINUTE,
                    List.of(
                            new Event(
                                    -40 * SECOND,
                                    "provider b is down",
                                    places -> places.b().crash()),
                            new Event(
                                    -10 * SECOND,
                                    "provider b is back",
                                    places -> places.b().restart()),
                            new Event(0, "provider a is gone for ever", Places::loseA))),
            new Scenario(
                    "cf-2023-10-30-401",
                    "Cloudflare Workers KV, 30 October 2023",
                    List.of("For 37 minutes the store was answered 401 by its own provider, whatever it asked: an"
                            + " answer that was wrong, and looked right."),
                    List.of(),
                    LOAD,
                    37 * MINUTE,
                    List.of(
                            new Event(
                                    0,
                                    "provider a answers 401 to everything",
                                    places -> places.wayToA().inject(Fault.of(FaultMode.UNAUTHORIZED))),
                            new Event(
                                    37 * MINUTE,
                                    "provider a answers as it should",
                                    places -> places.wayToA().clear()))),
            new Scenario(
                    "unisuper-2024-deletion",
                    "UniSuper, May 2024",
                    List.of(
                            "The provider deleted the account with everything in it. What was there never came back;"
                                    + " it was restored from a copy that happened to be kept with another provider.",
                            "Here the place is empty after two hours, under the same name, and takes writes again."),
                    List.of(),
                    with(
                            LOAD,
                            "Lost is an acknowledged write that no provider holds at the end, nor a newer one of its"
                                    + " key."),
                    120 * MINUTE,
                    List.of(
                            new Event(0, "provider a is deleted", places -> {
                                places.a().wipe();
                                places.a().crash();
                            }),
                            new Event(120 * MINUTE, "an empty place, same name", Places::replaceA))));

    private Outages() {}

    public static Optional<Scenario> named(String name) {
        return ALL.stream().filter(scenario -> scenario.name().equals(name)).findFirst();
    }

    private static List<String> with(List<String> some, String... more) {
        List<String> all = new ArrayList<>(some);
        all.addAll(List.of(more));
        return all;
    }
}
