/** Tests with real clients and real engines, each a process of its own. */
@NullMarked
package dev.holdfast.integration;

import org.jspecify.annotations.NullMarked;
