package dev.holdfast.providers.cassandra;

import dev.holdfast.engine.provider.Identity;
import java.util.UUID;

/**
 * What the one row of table {@code place} says.
 *
 * @param incarnation made at random with each initialising, and part of the key of everything that lies in the place: what is
 *     left of an earlier one, or still on its way to it, is never in this one
 * @param bucketBytes how many bytes of a key make its bucket
 */
record Place(Identity identity, UUID incarnation, int bucketBytes) {
    /** Of the tables; another one is not touched. */
    static final int FORMAT = 1;
}
