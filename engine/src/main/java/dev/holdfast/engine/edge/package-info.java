/** Near answers, kept for as long as the origin is gone: cache, freshness, last known good. */
@NullMarked
package dev.holdfast.engine.edge;

import org.jspecify.annotations.NullMarked;
