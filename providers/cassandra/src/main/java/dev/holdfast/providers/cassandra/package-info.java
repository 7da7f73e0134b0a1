/** A provider in an Apache Cassandra cluster. */
@NullMarked
package dev.holdfast.providers.cassandra;

import org.jspecify.annotations.NullMarked;
