/** One class for each command that speaks to a server. */
@NullMarked
package dev.holdfast.cli.command;

import org.jspecify.annotations.NullMarked;
