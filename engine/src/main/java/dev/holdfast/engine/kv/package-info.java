/** The vocabulary, the record's on-provider format, limits. */
@NullMarked
package dev.holdfast.engine.kv;

import org.jspecify.annotations.NullMarked;
