/** The protocol that workerd speaks for a KV binding: the door of Workers. */
@NullMarked
package dev.holdfast.server.binding;

import org.jspecify.annotations.NullMarked;
