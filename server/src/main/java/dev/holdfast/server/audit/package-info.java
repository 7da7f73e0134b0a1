/** Who did what to tokens, namespaces and many keys at once. */
@NullMarked
package dev.holdfast.server.audit;

import org.jspecify.annotations.NullMarked;
