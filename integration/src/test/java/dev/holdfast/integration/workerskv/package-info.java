/** Moving from Workers KV, for which another Holdfast's REST door stands. */
@NullMarked
package dev.holdfast.integration.workerskv;

import org.jspecify.annotations.NullMarked;
