package dev.holdfast.engine.kv;

import java.util.List;

/**
 * A named set of keys and how it is kept.
 *
 * @param title unique within the account, for people
 * @param account 32 hexadecimal digits
 * @param jurisdiction {@code us}, {@code eu}, {@code fedramp} or empty
 * @param mode {@code instant} or empty, as the client asked; kept, without effect
 * @param createdAt milliseconds since the Unix epoch
 * @param deletedAt milliseconds since the Unix epoch, 0 while the namespace lives; a deleted one can be restored for a set time
 */
public record Namespace(
        NamespaceId id,
        String title,
        String account,
        String jurisdiction,
        String mode,
        Policy policy,
        long createdAt,
        long deletedAt) {

    /**
     * The promises a namespace asks for.
     *
     * @param durability failure domains a write must be durable in before it is acknowledged, 1 or more
     * @param whenShort what to do when fewer independent domains exist than {@code durability}
     * @param darkWrites whether a write may be acknowledged by the hint log alone while every provider is dead
     * @param onOutage what a reader gets of what is known while nobody can be asked
     * @param pinned whether every edge keeps a full copy, from which it reads
     * @param tier how much else depends on it, from 0 (what others need to start) to {@link #LAST_TIER} (bulk)
     * @param needs namespaces that have to be back before this one is, after an outage; some may be gone since
     * @param quota how much may be had of it
     */
    public record Policy(
            int durability,
            WhenShort whenShort,
            boolean darkWrites,
            OnOutage onOutage,
            boolean pinned,
            int tier,
            List<NamespaceId> needs,
            Quota quota) {
        /** That of bulk data, which waits for all others. */
        public static final int LAST_TIER = 3;

        private static final int USUAL_TIER = 2;
        public static final Policy DEFAULT = new Policy(2, WhenShort.ACK_MARKED, false);

        public Policy {
            needs = List.copyOf(needs);
        }

        /** With {@link OnOutage#STALE}. */
        public Policy(int durability, WhenShort whenShort, boolean darkWrites) {
            this(durability, whenShort, darkWrites, OnOutage.STALE);
        }

        /** One that is not pinned, of the usual tier, and needs no other. */
        public Policy(int durability, WhenShort whenShort, boolean darkWrites, OnOutage onOutage) {
            this(durability, whenShort, darkWrites, onOutage, false, USUAL_TIER, List.of(), Quota.NONE);
        }

        public Policy withDarkWrites(boolean allowed) {
            return new Policy(durability, whenShort, allowed, onOutage, pinned, tier, needs, quota);
        }

        public Policy withOnOutage(OnOutage other) {
            return new Policy(durability, whenShort, darkWrites, other, pinned, tier, needs, quota);
        }

        public Policy withTier(int other) {
            return new Policy(durability, whenShort, darkWrites, onOutage, pinned, other, needs, quota);
        }

        public Policy withNeeds(List<NamespaceId> others) {
            return new Policy(durability, whenShort, darkWrites, onOutage, pinned, tier, others, quota);
        }

        public Policy withQuota(Quota other) {
            return new Policy(durability, whenShort, darkWrites, onOutage, pinned, tier, needs, other);
        }

        public Policy withPinned(boolean everywhere) {
            return new Policy(durability, whenShort, darkWrites, onOutage, everywhere, tier, needs, quota);
        }
    }

    /** What becomes of a write that cannot reach as many independent domains as promised. */
    public enum WhenShort {
        /** Acknowledge it, the receipt saying so. */
        ACK_MARKED,
        /** Refuse it. */
        REFUSE
    }

    public boolean deleted() {
        return deletedAt != 0;
    }

    public Namespace titled(String other) {
        return new Namespace(id, other, account, jurisdiction, mode, policy, createdAt, deletedAt);
    }

    public Namespace deleted(long at) {
        return new Namespace(id, title, account, jurisdiction, mode, policy, createdAt, at);
    }

    public Namespace with(Policy other) {
        return new Namespace(id, title, account, jurisdiction, mode, other, createdAt, deletedAt);
    }
}
