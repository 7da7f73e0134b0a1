package dev.holdfast.engine.replication;

/**
 * What holds for some namespaces beside what their policies say.
 *
 * @param seals what lies at providers and on disks
 * @param residency where it may lie
 */
public record Rules(Seals seals, Residency residency) {
    /** For a store without keys in one jurisdiction. */
    public static final Rules NONE = new Rules(Seals.NONE, Residency.ANYWHERE);
}
