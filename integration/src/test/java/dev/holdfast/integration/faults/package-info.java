/** Every way in which a provider can fail, under load: no request fails, no answer is wrong. */
@NullMarked
package dev.holdfast.integration.faults;

import org.jspecify.annotations.NullMarked;
