/** A provider in a schema of a PostgreSQL database. */
@NullMarked
package dev.holdfast.providers.postgres;

import org.jspecify.annotations.NullMarked;
