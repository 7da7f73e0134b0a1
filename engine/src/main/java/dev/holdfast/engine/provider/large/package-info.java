/** Values above a size in another engine than their heads: size routing. See docs/providers.md. */
@NullMarked
package dev.holdfast.engine.provider.large;

import org.jspecify.annotations.NullMarked;
