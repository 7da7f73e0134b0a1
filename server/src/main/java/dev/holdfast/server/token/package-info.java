/** Credentials: scoped tokens of which only the hash is kept. */
@NullMarked
package dev.holdfast.server.token;

import org.jspecify.annotations.NullMarked;
