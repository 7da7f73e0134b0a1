/** What the store knows of its namespaces and tokens: kept at every node and every provider, never expired by time. */
@NullMarked
package dev.holdfast.engine.replication.catalogue;

import org.jspecify.annotations.NullMarked;
