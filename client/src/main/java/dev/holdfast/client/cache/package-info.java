/**
 * What the client keeps near: in memory, and on disk if it is given a folder. It knows neither HTTP nor when to ask; it says
 * what is known, how old that is, and whether it is time to ask again. Not for use by applications.
 */
@NullMarked
package dev.holdfast.client.cache;

import org.jspecify.annotations.NullMarked;
