/** The client's numbers for Micrometer, which only those need who use this package. */
@NullMarked
package dev.holdfast.client.metrics;

import org.jspecify.annotations.NullMarked;
