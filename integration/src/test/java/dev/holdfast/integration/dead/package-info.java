/** Every provider dead: clear answers at once, and an admin port that works. */
@NullMarked
package dev.holdfast.integration.dead;

import org.jspecify.annotations.NullMarked;
