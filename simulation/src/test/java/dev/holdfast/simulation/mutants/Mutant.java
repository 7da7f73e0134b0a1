package dev.holdfast.simulation.mutants;

import static dev.holdfast.simulation.mutants.Edit.redirects;
import static dev.holdfast.simulation.mutants.Edit.returns;
import static dev.holdfast.simulation.mutants.Edit.skips;
import static dev.holdfast.simulation.mutants.Edit.swaps;

import dev.holdfast.simulation.mutants.Edit.Constant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The engine, or the Java client, with one deliberate mistake. Each stands for a rule of DESIGN that would otherwise be a comment. */
enum Mutant {
    ACKNOWLEDGES_ON_FIRST(
            "rule 1: a write is acknowledged though the provider that missed it was given no hint",
            skips("engine.replication.Writes", "send", "hint", null)),
    ACKNOWLEDGES_BEFORE_THE_HINT_IS_DURABLE(
            "rule 1: a write does not wait for its hint to be synced",
            skips("engine.replication.HintLog", "keep", "await", null)),
    NEVER_DRAINS("P5: hints are kept and never given", returns("engine.replication.Drain", "run", true)),
    WRITES_NO_MARK("rule 2: no dirty mark is written", returns("engine.replication.Marks", "write", true)),
    HEEDS_NO_MARKS(
            "rule 2: a provider that another node has marked is believed to lack nothing",
            Ground.STORIES,
            skips("engine.replication.Peers", "read", "isEmpty", true)),
    KNOWS_ALL(
            "rule 2: providers that another node does not write to are believed all the same",
            returns("engine.replication.PeerView", "knowAll", true)),
    TAKES_NO_MARK_FOR_LOST(
            "rule 2: marks that lay at a place that was put back are not missed",
            Ground.LONG,
            returns("engine.replication.PeerView", "noMarkIsLost", true)),
    READS_NO_MARKS("rule 2: the marks of other nodes are not read", returns("engine.replication.Peers", "read", null)),
    BELIEVES_A_LONE_ABSENCE(
            "rules 3 and 4: an absence does not wait for the other homes",
            "--nodes 1 --faults lie,slow --seconds 60 --calls 66",
            returns("engine.replication.ReadRound", "presentAndNotOlderThanKnown", true),
            skips("engine.replication.ReadRound", "absence", "wordCounts", false),
            skips("engine.replication.ReadRound", "absence", "newerThan", false),
            skips("engine.replication.ReadRound", "enough", "wordCounts", false)),
    ANSWERS_WITH_THE_NEAREST(
            "rule 3: the first record wins, not the newest",
            skips("engine.replication.ReadRound", "better", "compareTo", -1)),
    RAISES_NO_FLOOR(
            "rule 5: tombstones are collected without a floor",
            returns("engine.replication.Collection", "raiseFloor", null)),
    LEAVES_A_NEW_PLACE_WITHOUT_FLOOR(
            "rule 5: a place that was made anew is not given the floor of the others",
            Ground.STORIES,
            returns("engine.replication.Floors", "level", true)),
    COLLECTS_WHAT_OTHERS_STILL_OWE(
            "rule 5: the watermarks of other nodes do not hold the floor down, nor the length of a request",
            returns("engine.replication.PeerView", "watermark", new Constant("engine.kv.Version", "MAX")),
            skips("engine.replication.Collection", "floor", "max", 0L),
            skips("engine.replication.Collection", "floor", "toMillis", 0L)),
    TRUSTS_A_WIPED_PLACE(
            "rule 6: a place that was wiped or rolled back keeps its word",
            returns("engine.replication.Members", "lost", null),
            returns("engine.replication.Members", "unknown", null)),
    NEVER_LOOKS_AT_THE_PLACE(
            "rule 6: neither the high-water mark nor what the node left there is compared",
            returns("engine.replication.Place", "learn", null),
            returns("engine.replication.Presence", "holds", true)),
    LISTS_FROM_ONE_HOME_UNSEEN(
            "rule 6: the last home's listing is believed though it may have been put back in time",
            skips("engine.replication.Listings$Found", "from", "stillHeldBy", true)),
    READS_FROM_ONE_HOME_UNSEEN(
            "rule 6: what the last home says of a key is believed though it may have been put back in time",
            returns("engine.replication.ReadRound", "ofNow", true)),
    VOUCHES_FOR_NO_LISTING_ALONE(
            "P2: a listing by the last home is never confirmed",
            skips("engine.replication.Listings$Found", "from", "stillHeldBy", false)),
    STAMPS_WITHOUT_MEETING(
            "rule 9: nodes that are new do not look whether others stamp alike",
            Ground.STORIES,
            returns("engine.replication.Peers", "meet", null)),
    COMPARES_BEFORE_ALL_IS_DRAINED(
            "rule 6: a place that lost something is compared while hints for the others still wait",
            Ground.STORIES,
            returns("engine.replication.Comparisons", "awaitsDrain", false)),
    LEAVES_ONE_TRACE(
            "rule 6: a node leaves one record at each place, and not two by turns",
            "--faults roll-back,back-alone",
            returns("engine.replication.Traces", "firstIsNext", true)),
    FORGETS_WHAT_IT_LEFT(
            "rule 6: what a node left at a place to know it by is not kept on disk",
            Ground.LONG,
            returns("engine.replication.NodeMemory", "rememberTraces", null)),
    FORGETS_ITS_DOUBTS(
            "rule 6: that a provider must be compared is not kept on disk",
            "--nodes 1 --faults wipe,roll-back --seconds 60 --calls 66",
            returns("engine.replication.NodeMemory", "rememberComparison", null)),
    ANSWERS_BEFORE_IT_IS_SETTLED(
            "rule 7: a disagreement is answered and left",
            Ground.STORIES,
            skips("engine.replication.ReadRound", "settled", "lagging", true)),
    FORGETS_WHAT_WAS_CUT_SHORT(
            "rule 7: after a start nothing is taken for a write that may have come to one home only",
            Ground.STORIES,
            returns("engine.replication.CutShort", "mayBe", false)),
    TAKES_A_LOSS_FOR_A_WIN(
            "rule 8: a write that lost is acknowledged", returns("engine.replication.Writes", "overtaken", null)),
    FOLLOWS_NO_CLOCK(
            "rule 8: versions of others do not move the clock",
            "--nodes 3 --faults cut,parted --seconds 60 --calls 66",
            returns("engine.kv.HybridClock", "observe", true)),
    RESERVES_NOTHING(
            "rule 9: the clock's reservation is not durable",
            Ground.STORIES,
            returns("engine.replication.NodeMemory", "extendTo", null)),
    CLOCK_WITHOUT_ITS_LOGICAL_PART(
            "rule 9: versions of one millisecond do not differ", redirects("engine.kv.HybridClock", "nextAbove", "of")),
    DRAINS_AND_DELETES_WHATEVER_IS_THERE(
            "rule 10: a drained hint is deleted though a newer one has taken its place",
            skips("engine.replication.HintLog", "dropped", "equals", true),
            skips("engine.replication.HintLog", "dropped", "containsKey", false)),
    COMPARES_AND_SETS_UNLOCKED(
            "rule 12: conditional writes do not keep others out",
            skips("engine.replication.ReplicatedStore", "conditional", "lockInterruptibly", null),
            skips("engine.replication.ReplicatedStore", "conditional", "unlock", null)),
    CHECKS_NO_CONDITION("rule 12: every condition holds", returns("engine.replication.ReplicatedStore", "holds", true)),
    FORGETS_WHAT_NEVER_HAPPENED(
            "rule 20: the feed tells of writes that were refused",
            returns("engine.replication.FeedEntry", "told", true),
            returns("engine.replication.FeedEntry", "known", true)),
    TELLS_NO_GAP_AFTER_A_CRASH(
            "rule 20: the feed goes on over a run that did not end in order",
            returns("engine.replication.FeedLog", "lastOf", Long.MAX_VALUE - 1)),
    TELLS_WHAT_IS_PENDING(
            "rule 20: the feed does not wait for what is under way",
            returns("engine.replication.FeedEntry", "pending", false)),
    NOTHING_EXPIRES("rule 18: an expired record is served", returns("engine.kv.Record", "expired", false)),
    LISTS_THE_FIRST_PAGE(
            "rule 22: an unfinished page is taken for the last",
            skips("engine.replication.MergedScan", "take", "end", true)),
    REPAIRS_NOTHING(
            "P5: a comparison finds and does not repair", returns("engine.replication.Levelling", "repair", null)),
    BELIEVES_EVERY_DIGEST(
            "P5: a comparison asks for digests of ranges and takes each for the one it expects",
            skips("engine.replication.NamespaceComparison", "compare", "allMatch", true)),
    SCRUBS_WITHOUT_READING(
            "P1: values that nobody reads are not read by scrubbing either",
            Ground.STORIES,
            returns("engine.replication.ScrubPass", "look", null)),
    REPAIRS_WITH_OLDER(
            "P4: an older record takes the place of a damaged newer one",
            Ground.STORIES,
            returns("engine.replication.Levelling", "onlyOlder", false)),
    EJECTS_THE_LAST(
            "P2: the last provider left is ejected like any other",
            returns("engine.replication.Members", "nobodyElse", false),
            returns("engine.replication.Ejections", "allowed", true)),
    GIVES_ALL_AT_ONCE(
            "P6: what a provider has missed is given to it as fast as it takes it",
            Ground.STORIES,
            returns("engine.replication.Ration", "take", 0L)),
    SENDS_ALL_TO_WHO_RETURNS(
            "P6: a provider that catches up gets all that users write",
            Ground.STORIES,
            returns("engine.replication.Ration", "forWriter", true)),
    READS_FROM_WHO_RETURNS(
            "P6: a provider that is current again is at once read as much as users want",
            Ground.STORIES,
            returns("engine.replication.Ration", "forReader", true)),
    EJECTS_ALL_WHO_ARE_LATE(
            "P7: any number of providers is given up within a minute for being late",
            Ground.STORIES,
            returns("engine.replication.Ejections", "allowed", true)),
    WORKS_FOR_NOBODY(
            "P7: what is asked for is done though nobody waits for it any more",
            Ground.STORIES,
            returns("engine.replication.Request", "over", false)),
    GIVES_UP_WHO_IS_BUSY(
            "P7: a provider with many calls under way is given up as soon as one with few",
            Ground.STORIES,
            returns("engine.replication.Bulkhead", "patience", 1.0)),
    BOUNDS_NO_PROVIDER(
            "P7: one slow provider may hold any number of calls",
            Ground.STORIES,
            returns("engine.replication.Bulkhead", "room", true)),
    BELIEVES_AN_OLDER_ANSWER(
            "P4: of two things told of a key the later is kept, not the newer",
            Ground.EDGES,
            skips("engine.edge.Near", "newer", "compareTo", 1)),
    GOES_ON_OVER_A_GAP(
            "rule 20: after a gap of the feed an edge takes itself for up to date",
            Ground.EDGES,
            returns("engine.edge.FeedFollower", "lost", null)),
    ASKS_NOT_AGAIN_AFTER_A_GAP(
            "rule 20: what was near before a gap of the feed is not asked for again",
            Ground.EDGES,
            returns("engine.edge.FeedFollower", "missedSince", false)),
    HEARS_AND_FORGETS(
            "rule 20: the feed is said to be heard, and the cache is not told",
            Ground.EDGES,
            returns("engine.edge.Near", "heard", null)),
    ONE_FEED_IS_ENOUGH(
            "rule 20: an edge is up to date while one of its feeds is",
            Ground.EDGES,
            returns("engine.edge.Coverage$2", "missedSince", false)),
    PASSES_EVERY_SESSION(
            "sessions: a place in an origin's log is taken to be heard of before it is",
            Ground.EDGES,
            returns("engine.edge.FeedFollower", "passed", true)),
    SERVES_WHAT_HAS_EXPIRED(
            "rule 18: what has expired is answered from near",
            Ground.EDGES,
            skips("engine.edge.Entry", "answer", "expired", false),
            skips("engine.edge.Asking", "lastKnown", "expired", false)),
    STALE_BEYOND_ITS_BOUND(
            "P3: on_outage stale(t) is taken for stale",
            Ground.EDGES,
            skips("engine.edge.Asking", "lastKnown", "toMillis", Long.MAX_VALUE)),
    ANSWERS_FROM_DISK_BEFORE_IT_ASKS(
            "P3: what is on disk is answered as if it were in memory",
            Ground.EDGES,
            swaps("engine.edge.NearStore", "entry", "get", "lastKnown")),
    FORGETS_AN_ANSWERS_AGE(
            "P3: what another node's cache says is taken for the newest as of now",
            Ground.EDGES,
            skips("engine.edge.Asking", "told", "ageMillis", 0L),
            skips("engine.edge.Entry", "answered", "ageMillis", 0L)),
    TELLS_NO_GAP_ON(
            "tiers: an edge that may have missed changes does not say so to the edges that ask it",
            Ground.EDGES,
            returns("engine.edge.Relay$Source", "gap", null)),
    TELLS_ALL_AS_OF_NOW(
            "tiers: an edge says of what it has heard that it is all as of now",
            Ground.EDGES,
            returns("engine.edge.Relay", "behindNanos", 0L)),
    CACHES_NO_WRITE(
            "P4: what is written through a node is not told to its cache",
            Ground.EDGES,
            skips("engine.edge.NearStore", "learned", "tell", null)),
    TELLS_NO_COPY(
            "pinned: what a feed tells is not told to the copies",
            Ground.EDGES,
            returns("engine.edge.PinnedCopies", "heard", null)),
    WALKS_ONCE(
            "pinned: after a gap of the feed a copy takes itself for whole",
            Ground.EDGES,
            returns("engine.edge.PinnedWhole", "missed", false)),
    COPIES_NO_WRITE(
            "pinned: what is written through a node is not told to its copy",
            Ground.EDGES,
            skips("engine.edge.NearStore", "write", "wrote", null),
            skips("engine.edge.Near", "tell", "asked", null)),
    CLIENT_HEARS_NO_GAP(
            "rule 20: after a gap a client that follows the changes takes itself for up to date",
            Ground.EDGES,
            returns("client.cache.NearCache", "gap", null)),
    CLIENT_KEEPS_NO_WRITE(
            "P4: what is written through a client is not told to its cache",
            Ground.EDGES,
            skips("client.Writing", "learned", "wrote", null)),
    RATES_WITHOUT_THE_TIER(
            "incidents: who is hurt does not matter, only how many",
            Ground.INCIDENTS,
            returns("engine.incident.Rating", "column", 2)),
    RATES_BY_THE_ALARM(
            "incidents: what is hurt is not looked at", Ground.INCIDENTS, returns("engine.incident.Rating", "row", 3)),
    OPENS_ONE_FOR_EACH_ALARM(
            "incidents: what follows from something else is an incident of its own",
            Ground.INCIDENTS,
            returns("engine.incident.AlarmKind", "follows", false)),
    JOINS_NOTHING(
            "incidents: two providers that fail alike at one moment are two incidents",
            Ground.INCIDENTS,
            returns("engine.incident.Correlation", "alike", false)),
    OPENS_ANOTHER_WHEN_IT_COMES_BACK(
            "incidents: one that was closed a minute ago is not opened again",
            Ground.INCIDENTS,
            skips("engine.incident.Incidents", "retire", "toMillis", 0L)),
    DEAF_TO_STATES(
            "incidents: a provider that was given up is not noticed",
            Ground.INCIDENTS,
            returns("engine.incident.ProviderDetector", "look", null)),
    DEAF_TO_LIES(
            "incidents: a lie of the last provider left is not noticed",
            Ground.INCIDENTS,
            returns("engine.incident.ContradictionDetector", "look", null)),
    DEAF_TO_GREY_FAILURE(
            "incidents: a provider that does a part of its work badly is not noticed",
            Ground.INCIDENTS,
            returns("engine.incident.GreyDetector", "look", null)),
    DEAF_TO_REQUESTS(
            "incidents: that requests fail is not noticed",
            Ground.INCIDENTS,
            returns("engine.incident.BurnDetector", "look", null)),
    KEEPS_NO_TIMELINE(
            "incidents: what happened is in memory only",
            Ground.INCIDENTS,
            returns("engine.incident.Case", "unkept", null)),
    CLIENT_FORGETS_AN_ANSWERS_AGE(
            "P3: a client takes what a node's cache says for the newest as of now",
            Ground.EDGES + " --nodes 3",
            redirects("client.Answers", "known", "vouchedAt"));

    final String what;
    /** The worlds in which it is hunted, as {@link Ground} reads them; those of every kind when empty. */
    final String ground;

    final List<Edit> edits;

    /** Those that take hundreds of seeds, or minutes. */
    static final Set<Mutant> RARE =
            EnumSet.of(TAKES_NO_MARK_FOR_LOST, BELIEVES_A_LONE_ABSENCE, FORGETS_WHAT_IT_LEFT, TELLS_ALL_AS_OF_NOW);

    Mutant(String what, Edit... edits) {
        this(what, "", edits);
    }

    Mutant(String what, String ground, Edit... edits) {
        this.what = what;
        this.ground = ground;
        this.edits = List.of(edits);
    }
}
