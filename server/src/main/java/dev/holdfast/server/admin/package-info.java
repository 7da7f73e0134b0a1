/** The operators' port: health, metrics, states, faults and tokens, with threads of its own. See docs/admin-api.md. */
@NullMarked
package dev.holdfast.server.admin;

import org.jspecify.annotations.NullMarked;
