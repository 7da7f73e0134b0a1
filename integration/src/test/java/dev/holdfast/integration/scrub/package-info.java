/** Bytes altered in the files of a running provider: found and repaired before anybody reads them. */
@NullMarked
package dev.holdfast.integration.scrub;

import org.jspecify.annotations.NullMarked;
