package dev.holdfast.simulation.recovery;

import dev.holdfast.engine.admission.AdmissionConfig;
import java.util.List;
import java.util.Locale;

/**
 * The plan of a bad file: what generates the configuration of all proxies writes a file that they crash on, by turns with good ones at
 * first. Minutes are counted from the first bad file.
 *
 * @param stable from when on all files are bad
 * @param known when people know the cause
 * @param stopped when they have stopped the writer
 * @param mended when a good file is written by hand, unless there is one in force already
 * @param minutes that are played
 * @param loginsPerSecond that people begin
 * @param callsPerSecond that each provider serves
 */
record BadConfig(
        int stable, int known, int stopped, int mended, int minutes, double loginsPerSecond, double callsPerSecond) {
    static final int PLACES = 4;
    static final int WARM_SECONDS = 900;
    static final int FILE_SECONDS = 300;
    static final int LOOK_SECONDS = 5;
    static final int TTL_SECONDS = 60;
    static final int WITHIN_SECONDS = 900;
    /** What it takes to find the last good file once the cause is known. */
    static final int FOUND_MINUTES = 5;
    /** For how long a file must have done well at the first place before the others get it. */
    static final int PROVEN_SECONDS = 120;

    static final BadConfig DEFAULT = new BadConfig(100, 137, 184, 190, 346, 1, 25);

    static final String SINGLE = "single";
    static final String FIRST_ACK = "first-ack";
    static final String HOLDFAST = "holdfast";
    static final String GATE = "holdfast-gate";
    static final String HELD = "holdfast-held";

    int begin() {
        return WARM_SECONDS;
    }

    int at(int minute) {
        return WARM_SECONDS + minute * 60;
    }

    int gone() {
        return at(mended);
    }

    int seconds() {
        return at(minutes);
    }

    static String what(String arm) {
        return switch (arm) {
            case SINGLE -> "one provider, and a cache at each place";
            case FIRST_ACK -> "two providers, acknowledged on the first, and a cache at each place";
            case HOLDFAST -> "Holdfast, used as the others are";
            case GATE -> "Holdfast, with a gate and the last good file once the cause is known";
            default -> "Holdfast, with new files held back at all places but one";
        };
    }

    static AdmissionConfig admission() {
        AdmissionConfig usual = AdmissionConfig.DEFAULT;
        return new AdmissionConfig(4, usual.mostCalls(), usual.waiting(), usual.patience(), usual.maxLoad(), 1);
    }

    static List<String> lines() {
        return List.of("traffic served", "log-ins");
    }

    Recovery recovery() {
        return new Recovery(
                "cf-2025-11-18-bad-config",
                "Cloudflare, 18 November 2025: a bad configuration",
                List.of(
                        "What generates a file of features for all proxies wrote one twice as large as usual, which the"
                                + " proxies crashed on. It was spread everywhere, every five minutes a good or a bad"
                                + " one at first, then only bad ones. The network was degraded for some three hours.",
                        "People could not log in to the dashboard, which depends on what was down; when that was back,"
                                + " all who had waited came at once, and overloaded it."),
                List.of(
                        "A store cannot know that a value is bad. Holdfast takes it from a writer who may write, and"
                                + " spreads it in seconds, which is faster than a cache that forgets by TTL; without"
                                + " anybody holding it back, as many proxies crash as with any other store.",
                        "The last good file is there only if it was kept under a name of its own: Holdfast keeps the"
                                + " newest version of a key, and no older ones.",
                        "A gate at an edge keeps back what has to be asked for. A value of up to 1024 bytes is told by"
                                + " the feed, and comes through; these files are larger."),
                assumptions(),
                List.of(SINGLE, FIRST_ACK, HOLDFAST, GATE, HELD),
                List.of(
                        new Recovery.Mark(begin(), "the first bad file"),
                        new Recovery.Mark(at(stable), "all are bad"),
                        new Recovery.Mark(at(known), "the cause is known"),
                        new Recovery.Mark(at(stopped), "the writer is stopped"),
                        new Recovery.Mark(gone(), "a good file by hand")),
                begin(),
                gone(),
                seconds(),
                arm -> new BadConfigWorld(this, arm).play());
    }

    private List<String> assumptions() {
        return List.of(
                String.format(
                        Locale.ROOT,
                        "Published: a file every five minutes, good or bad by turns and then only bad ones; twice the"
                                + " size; the cause known after %d minutes, no more files from minute %d, a good one in"
                                + " force from minute %d; the backlog of log-ins. Minutes are from the first failures.",
                        known,
                        stopped,
                        mended),
                "Chosen: four places with a proxy each, which looks for a new file every five seconds, crashes on a bad"
                        + " one, and runs again once it reads a good one; files of 24 and of 48 KiB; all files bad from"
                        + " minute " + stable + " on; caches of 60 s.",
                String.format(
                        Locale.ROOT,
                        "People: %.1f log-ins a second, each a read and a write through the proxy of some place; who"
                                + " fails tries again after 30 to 90 s, thirty times at most. Each provider serves %.0f"
                                + " calls a second; more wait in a queue without end.",
                        loginsPerSecond,
                        callsPerSecond),
                "With a gate: once the cause is known, the namespace of the files is set to stale-only at the origin,"
                        + " which refuses the writer. Five minutes later the last good file, which the writer keeps"
                        + " under a name of its own as well, is put in force, on condition that nothing else is by"
                        + " then. The gate opens when the writer is mended.",
                "Held back: the namespace is stale-only at all edges but the first. What its proxy has run on for two"
                        + " minutes is let through to the others, by opening their gates for ten seconds. Nobody knows"
                        + " the cause any earlier for that.");
    }
}
