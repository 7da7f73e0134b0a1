/** The source format, checked by the build. */
@NullMarked
package dev.holdfast.formatting;

import org.jspecify.annotations.NullMarked;
