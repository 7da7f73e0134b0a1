/** Holdfast as its real clients see it: wrangler, the SDK, and Workers in workerd, all as processes. */
@NullMarked
package dev.holdfast.integration.clients;

import org.jspecify.annotations.NullMarked;
