/** Namespaces as files: exported, wiped, imported, equal. */
@NullMarked
package dev.holdfast.integration.portability;

import org.jspecify.annotations.NullMarked;
