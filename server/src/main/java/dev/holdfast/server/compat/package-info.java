/** What the two doors that Workers KV clients know, REST v4 and the binding, have in common: rules, texts, bulk work. */
@NullMarked
package dev.holdfast.server.compat;

import org.jspecify.annotations.NullMarked;
