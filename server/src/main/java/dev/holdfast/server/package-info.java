/** The HTTP surfaces, tokens and configuration. */
@NullMarked
package dev.holdfast.server;

import org.jspecify.annotations.NullMarked;
