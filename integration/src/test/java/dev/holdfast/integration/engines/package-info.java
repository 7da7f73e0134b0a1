/** Origins over engines that are processes of their own, which are killed and suspended under load. */
@NullMarked
package dev.holdfast.integration.engines;

import org.jspecify.annotations.NullMarked;
