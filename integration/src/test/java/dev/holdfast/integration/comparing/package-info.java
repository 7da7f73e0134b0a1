/** What it takes to find one difference among many keys. */
@NullMarked
package dev.holdfast.integration.comparing;

import org.jspecify.annotations.NullMarked;
