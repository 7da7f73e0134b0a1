package dev.holdfast.engine.replication;

import dev.holdfast.engine.kv.HybridClock;
import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.time.Time;

/** The parts of one store that reading, writing, comparing and recovering share. */
record Parts(
        ReplicationConfig config,
        String node,
        Time time,
        LocalStore local,
        NodeMemory memory,
        Members members,
        HintLog hints,
        KeyLocks locks,
        Feed feed,
        Marks marks,
        Removal removal,
        HybridClock clock,
        Quarantine quarantine,
        KnownVersions known,
        InFlight inFlight,
        CutShort cutShort,
        Presence presence,
        Stamps stamps,
        PeerView peers,
        PeerClocks clocks,
        Seals seals,
        Residency residency,
        Counters counters) {}
