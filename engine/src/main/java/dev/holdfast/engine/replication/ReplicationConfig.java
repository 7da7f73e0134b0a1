package dev.holdfast.engine.replication;

import java.time.Duration;

/**
 * How the store treats its providers. Validated where it is read; every key is in docs/configuration.md.
 *
 * @param readTimeout the longest a read may take before it is answered 503
 * @param writeTimeout the longest a write may take before its outcome is called unknown
 * @param minDeadline no provider is given up earlier than this, however fast it has been
 * @param maxDeadline no provider is waited for longer than this once another has answered
 * @param callTimeout a call still under way after this is interrupted
 * @param leastCalls calls under way at one provider below which it is asked in any case, however slow it is
 * @param maxCalls calls under way at one provider beyond which further ones are refused at once
 * @param probeInterval between probes of a provider that is current
 * @param retryInterval between the first probes of one that is not; grows to {@code maxRetryInterval}
 * @param goodProbes probes in a row that must be good before a provider is given its missed writes
 * @param compareInterval between scheduled comparison passes
 * @param maxSkew how far ahead of this node's wall clock a version may be
 * @param collectAge how old a tombstone must at least be before it is collected
 * @param reserveBytes room on the node's disk under which writes are refused
 * @param alarmBytes room on the node's disk under which the early alarm is raised
 * @param feedEntries how many changes the feed's log keeps
 * @param massDeleteShare a comparison pass that would spread more unexplained deletes than this share of the keys it has seen
 *     stops instead
 * @param recovery how fast one that was away is given its load back
 * @param scrub how every record at rest is read through
 */
public record ReplicationConfig(
        Duration readTimeout,
        Duration writeTimeout,
        Duration minDeadline,
        Duration maxDeadline,
        Duration callTimeout,
        int leastCalls,
        int maxCalls,
        Duration probeInterval,
        Duration retryInterval,
        Duration maxRetryInterval,
        int goodProbes,
        Duration compareInterval,
        Duration maxSkew,
        Duration collectAge,
        long reserveBytes,
        long alarmBytes,
        long feedEntries,
        double massDeleteShare,
        RecoveryConfig recovery,
        ScrubConfig scrub) {

    public static final ReplicationConfig DEFAULT = new ReplicationConfig(
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofMillis(25),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            64,
            4096,
            Duration.ofMillis(500),
            Duration.ofMillis(100),
            Duration.ofSeconds(2),
            3,
            Duration.ofHours(1),
            Duration.ofSeconds(10),
            Duration.ofMinutes(10),
            512L << 20,
            2L << 30,
            1_000_000,
            0.1,
            RecoveryConfig.DEFAULT,
            ScrubConfig.DEFAULT);

    /** The same, but for how soon homes are compared and deletes collected, and how far clocks may be apart. */
    public ReplicationConfig withCollecting(Duration everyCompare, Duration skew, Duration age) {
        return new ReplicationConfig(
                readTimeout,
                writeTimeout,
                minDeadline,
                maxDeadline,
                callTimeout,
                leastCalls,
                maxCalls,
                probeInterval,
                retryInterval,
                maxRetryInterval,
                goodProbes,
                everyCompare,
                skew,
                age,
                reserveBytes,
                alarmBytes,
                feedEntries,
                massDeleteShare,
                recovery,
                scrub);
    }

    /** The same, but for how records at rest are read through. */
    public ReplicationConfig withScrub(ScrubConfig other) {
        return new ReplicationConfig(
                readTimeout,
                writeTimeout,
                minDeadline,
                maxDeadline,
                callTimeout,
                leastCalls,
                maxCalls,
                probeInterval,
                retryInterval,
                maxRetryInterval,
                goodProbes,
                compareInterval,
                maxSkew,
                collectAge,
                reserveBytes,
                alarmBytes,
                feedEntries,
                massDeleteShare,
                recovery,
                other);
    }
}
