/** What providers and disks hold of a sealed namespace, and where records of a namespace with a jurisdiction are. */
@NullMarked
package dev.holdfast.integration.sovereign;

import org.jspecify.annotations.NullMarked;
