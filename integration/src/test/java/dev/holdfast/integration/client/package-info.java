/** The Java client against real servers, and killed itself. */
@NullMarked
package dev.holdfast.integration.client;

import org.jspecify.annotations.NullMarked;
