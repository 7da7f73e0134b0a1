/** The contract of one place where records live, its vitals, and the faults it can show. */
@NullMarked
package dev.holdfast.engine.provider;

import org.jspecify.annotations.NullMarked;
