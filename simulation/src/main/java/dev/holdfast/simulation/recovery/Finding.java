package dev.holdfast.simulation.recovery;

/**
 * What a check has come to.
 *
 * @param check what must hold, in a few words
 * @param kept whether it did
 * @param words what was seen, as a sentence
 */
public record Finding(String check, boolean kept, String words) {}
