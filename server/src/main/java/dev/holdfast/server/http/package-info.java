/** The HTTP engine under every door: connections, limits, calls, and who may do what. */
@NullMarked
package dev.holdfast.server.http;

import org.jspecify.annotations.NullMarked;
