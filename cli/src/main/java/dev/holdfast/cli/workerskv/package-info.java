/** Moving from Workers KV: what {@code holdfast workers-kv} is made of. See docs/portability.md. */
@NullMarked
package dev.holdfast.cli.workerskv;

import org.jspecify.annotations.NullMarked;
