/** The native door: what Workers KV lacks. See docs/native-api.md. */
@NullMarked
package dev.holdfast.server.v1;

import org.jspecify.annotations.NullMarked;
