/** The composition root: the only place that names a provider's type. */
@NullMarked
package dev.holdfast.server.main;

import org.jspecify.annotations.NullMarked;
