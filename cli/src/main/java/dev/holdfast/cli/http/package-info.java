/** Speaking to a Holdfast server: one call at a time, each with a deadline. */
@NullMarked
package dev.holdfast.cli.http;

import org.jspecify.annotations.NullMarked;
