package dev.holdfast.engine.replication;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** Which members there are. Reading needs no lock; whoever adds or removes one has {@link #placing} alone. Thread-safe. */
final class Roster {
    /** How many may be added while the node runs; each has a number of its own that is not given again. */
    private static final int MOST_ADDED = 16;

    private final int slots;
    private final ReentrantReadWriteLock placing = new ReentrantReadWriteLock();
    private volatile List<Member> all;
    private int numbered;

    Roster(List<Member> first) {
        this.all = List.copyOf(first);
        this.numbered = first.size();
        this.slots = first.size() + MOST_ADDED;
    }

    List<Member> all() {
        return all;
    }

    /** All numbers of members are below this. */
    int slots() {
        return slots;
    }

    /**
     * Each write shares it for as long as it lasts: one that had begun with the members of before would come to a new one unnoticed, and leave
     * no hint for it.
     */
    ReentrantReadWriteLock placing() {
        return placing;
    }

    /** A number for a member that is added; empty when there is none left until the node is started again. */
    synchronized OptionalInt nextNumber() {
        return numbered < slots ? OptionalInt.of(numbered++) : OptionalInt.empty();
    }

    void add(Member member) {
        placing.writeLock().lock();
        try {
            List<Member> more = new ArrayList<>(all);
            more.add(member);
            all = List.copyOf(more);
        } finally {
            placing.writeLock().unlock();
        }
    }

    void remove(Member member) {
        placing.writeLock().lock();
        try {
            all = all.stream().filter(other -> other.index != member.index).toList();
        } finally {
            placing.writeLock().unlock();
        }
    }
}
