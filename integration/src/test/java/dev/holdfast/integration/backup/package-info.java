/** Backups and restores of a real server, by the command line. */
@NullMarked
package dev.holdfast.integration.backup;

import org.jspecify.annotations.NullMarked;
