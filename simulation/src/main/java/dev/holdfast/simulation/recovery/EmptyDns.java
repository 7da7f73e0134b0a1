package dev.holdfast.simulation.recovery;

import dev.holdfast.engine.admission.AdmissionConfig;
import java.util.List;
import java.util.Locale;

/**
 * The plan of an address that leads to nothing, and of what depends on the store meanwhile and after.
 *
 * @param keys that are read, and seldom written
 * @param readsPerSecond that users want
 * @param machines with a lease each
 * @param renewSeconds from one renewal to the next, as a mean
 * @param validSeconds for how long a lease is in force
 * @param callsPerSecond that each provider serves; more wait in a queue without end, also when nobody waits for the answer
 * @param warmSeconds before the address is empty
 * @param emptySeconds for how long it is
 * @param afterSeconds that
 */
record EmptyDns(
        int keys,
        double readsPerSecond,
        int machines,
        int renewSeconds,
        int validSeconds,
        double callsPerSecond,
        int warmSeconds,
        int emptySeconds,
        int afterSeconds) {
    static final int PLACES = 2;
    static final int WITHIN_SECONDS = 900;
    static final int TTL_SECONDS = 60;
    private static final int ANY = 1_000_000;

    static final EmptyDns DEFAULT = new EmptyDns(600, 20, 300, 240, 720, 40, 900, 157 * 60, 60 * 60);

    static final String SINGLE = "single";
    static final String FIRST_ACK = "first-ack";
    static final String BOTH_UNBOUNDED = "holdfast-both-unbounded";
    static final String BOTH = "holdfast-both";
    static final String HOLDFAST = "holdfast";

    int begin() {
        return warmSeconds;
    }

    int gone() {
        return warmSeconds + emptySeconds;
    }

    int seconds() {
        return gone() + afterSeconds;
    }

    /** When the health checks of the other provider begin to fail. */
    int checksFail() {
        return warmSeconds + emptySeconds / 3;
    }

    int checksPass() {
        return warmSeconds + emptySeconds / 2;
    }

    /** Whether the other address is lost as well. */
    static boolean both(String arm) {
        return arm.equals(BOTH) || arm.equals(BOTH_UNBOUNDED);
    }

    static String what(String arm) {
        return switch (arm) {
            case SINGLE -> "one provider, and tasks with a cache each";
            case FIRST_ACK -> "two providers, acknowledged on the first, health checks that take one out";
            case BOTH_UNBOUNDED -> "Holdfast without limit and governor, the other address lost as well";
            case BOTH -> "Holdfast as it ships, the other address lost as well";
            default -> "Holdfast as it ships, with edges";
        };
    }

    /** The defaults, made smaller as the world is. */
    static AdmissionConfig admission(String arm) {
        AdmissionConfig usual = AdmissionConfig.DEFAULT;
        return arm.equals(BOTH_UNBOUNDED)
                ? new AdmissionConfig(ANY, ANY, ANY, usual.patience(), 0, 1)
                : new AdmissionConfig(4, usual.mostCalls(), usual.waiting(), usual.patience(), usual.maxLoad(), 1);
    }

    static List<String> lines() {
        return List.of("reads answered", "leases in force");
    }

    Recovery recovery() {
        return new Recovery(
                "aws-2025-10-20-empty-dns",
                "AWS us-east-1, 20 October 2025: an empty address",
                List.of(
                        "Two automations applied plans of DynamoDB's addresses. One was late, applied an old plan over"
                                + " a newer one, and the other, tidying up, deleted it: the endpoint's record was empty"
                                + " for 2 h 37.",
                        "When it was mended, the leases of the machines of another service had lapsed. All were"
                                + " asked for at once, none was done before it timed out, and more was queued:"
                                + " congestive collapse. It took three hours, with throttling and restarts by hand.",
                        "Later health checks that failed by turns had an automation take healthy capacity out."),
                List.of(
                        "A store cannot know that a plan is old. Whoever writes it has to say what it was decided on"
                                + " (If-Match): written in any case, the late plan is taken by Holdfast, too.",
                        "With both addresses lost, leases lapse: what is not near is refused, and so are writes."),
                assumptions(),
                List.of(SINGLE, FIRST_ACK, BOTH_UNBOUNDED, BOTH, HOLDFAST),
                List.of(
                        new Recovery.Mark(begin(), "a's address is empty"),
                        new Recovery.Mark(checksFail(), "b's health checks fail"),
                        new Recovery.Mark(checksPass(), "they pass"),
                        new Recovery.Mark(gone(), "a is back")),
                begin(),
                gone(),
                seconds(),
                arm -> new EmptyDnsWorld(this, arm).play());
    }

    private List<String> assumptions() {
        return List.of(
                "Published: how the late plan came to be in force and was deleted; that the address was empty for 2 h"
                        + " 37; that leases lapsed, that all of them came at once, and that it took three hours and"
                        + " people. All else is chosen.",
                "An empty address would be an error. Here it is worse: provider a answers that nothing is there, as if"
                        + " that were so, and takes no writes.",
                String.format(
                        Locale.ROOT,
                        "b's health checks fail from minute %d to minute %d, while all else about it is well. In the"
                                + " arms of both, b gives errors to everything from a minute after a's address is empty"
                                + " until a is back.",
                        (checksFail() - begin()) / 60,
                        (checksPass() - begin()) / 60),
                String.format(
                        Locale.ROOT,
                        "Two places, %.0f reads a second of %d keys by Zipf's law, with tries as SDKs make them; a"
                                + " write every ten seconds. Answers are good for %d s from near.",
                        readsPerSecond,
                        keys,
                        TTL_SECONDS),
                String.format(
                        Locale.ROOT,
                        "%d machines renew their lease every %d s, by a read past all caches and a write. A lease is in"
                                + " force for %d s. What has failed, or taken two seconds, is tried again after one to"
                                + " two seconds, and never later than that.",
                        machines,
                        renewSeconds,
                        validSeconds),
                String.format(
                        Locale.ROOT,
                        "Each provider serves %.0f calls a second, one after the other; more wait in a queue without"
                            + " end, and are served also when nobody waits any more. The bounds of Holdfast are made"
                            + " smaller as the world is: 4 calls for admission.min-calls, 1 a second for"
                            + " recovery.min-load.",
                        callsPerSecond));
    }
}
