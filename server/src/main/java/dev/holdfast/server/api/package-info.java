/** What the native door and the admin port share: JSON, errors, who may do what. */
@NullMarked
package dev.holdfast.server.api;

import org.jspecify.annotations.NullMarked;
