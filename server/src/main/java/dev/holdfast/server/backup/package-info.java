/** Full backups, the archive of changes between them, and restoring to an instant. See docs/adr/0033. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.server.backup;
