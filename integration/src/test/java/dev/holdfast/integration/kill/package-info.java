/** The server killed and its power cut under load: nothing acknowledged is lost, nothing is half there. */
@NullMarked
package dev.holdfast.integration.kill;

import org.jspecify.annotations.NullMarked;
