/** Namespaces as files: what export, import and copy are made of. See docs/portability.md. */
@NullMarked
package dev.holdfast.cli.portability;

import org.jspecify.annotations.NullMarked;
